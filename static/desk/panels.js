// Buttons and dialogs within reach of the thumb. No dialog ever leaves the page or stops the camera.

import { t } from "./texts.js";

const byId = (id) => document.getElementById(id);

export class Panels {
  constructor(desk) {
    this.desk = desk;
    for (const button of document.querySelectorAll("[data-open]")) {
      button.addEventListener("click", () => this.open(button.dataset.open));
    }
    for (const button of document.querySelectorAll("[data-close]")) {
      button.addEventListener("click", () => button.closest("dialog").close());
    }
    byId("start").addEventListener("click", () => this.#start(true));
    byId("start-without").addEventListener("click", () => this.#start(false));
    byId("next").addEventListener("click", () => desk.view.hide());
    byId("type-form").addEventListener("submit", (event) => this.#typed(event));
    byId("override-form").addEventListener("submit", (event) => this.#override(event));
    byId("torch").addEventListener("click", () => this.#torch());
    byId("direction").addEventListener("change", (event) => this.#direction(event.target.checked));
    byId("sound").addEventListener("change", (event) => { desk.sound.on = event.target.checked; });
    byId("which-camera").addEventListener("change", (event) => this.#camera(event.target.value));
    for (const input of document.querySelectorAll("[data-photo]")) {
      input.addEventListener("change", () => this.#photo(input));
    }
    addEventListener("visibilitychange", () => this.#stayAwake());
    if (!desk.around.device.may_search) document.querySelectorAll("[data-open=search]").forEach((button) => button.remove());
  }

  open(name) {
    this.closeAll();
    byId(name).showModal();
    if (name === "search") this.desk.people.open();
    if (name === "type") byId("type-field").focus();
  }

  closeAll() {
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  }

  say(text) {
    const line = byId("message");
    line.textContent = text;
    line.hidden = !text;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { line.hidden = true; }, 5000);
  }

  async #start(withCamera) {
    this.desk.sound.unlock();
    document.body.dataset.stage = "scanning";
    byId("ready").hidden = true;
    byId("scanning").hidden = false;
    this.#stayAwake();
    const loading = this.desk.decoder.load();
    if (withCamera) await this.#camera("");
    try {
      document.body.dataset.engine = await loading;
    } catch (error) {
      document.body.dataset.engine = "none";
      this.say(t("no_decoder"));
    }
  }

  async #camera(id) {
    try {
      await this.desk.scanner.start(id);
      document.body.dataset.camera = "on";
    } catch (error) {
      document.body.dataset.camera = "off";
      this.say(t(error.name === "NotAllowedError" ? "camera_refused" : "camera_missing"));
      return;
    }
    byId("torch").hidden = !this.desk.scanner.hasTorch;
    const cameras = await this.desk.scanner.cameras();
    const current = this.desk.scanner.track?.getSettings().deviceId;
    byId("which-camera").replaceChildren(...cameras.map((camera, place) => {
      const option = new Option(camera.label || `${t("camera")} ${place + 1}`, camera.deviceId);
      option.selected = camera.deviceId === current;
      return option;
    }));
    byId("which-camera-row").hidden = cameras.length < 2;
  }

  async #torch() {
    const button = byId("torch");
    const on = button.getAttribute("aria-pressed") !== "true";
    try {
      await this.desk.scanner.setTorch(on);
      button.setAttribute("aria-pressed", String(on));
    } catch {
      button.hidden = true;
    }
  }

  async #photo(input) {
    const [file] = input.files;
    if (!file) return;
    this.closeAll();
    let text = "";
    try {
      text = await this.desk.scanner.readPhoto(file);
    } catch {
      text = "";
    }
    input.value = "";
    if (text) this.desk.read(text, "photo");
    else this.say(t("photo_empty"));
  }

  #typed(event) {
    event.preventDefault();
    const code = byId("type-field").value.trim();
    if (!code) return;
    byId("type-field").value = "";
    this.closeAll();
    this.desk.guard.forget();
    this.desk.read(code, "typed");
  }

  #override(event) {
    event.preventDefault();
    const note = byId("override-note").value.trim();
    if (!note) return;
    byId("override-note").value = "";
    this.closeAll();
    this.desk.override(note);
  }

  #direction(out) {
    this.desk.direction = out ? "out" : "in";
    document.body.dataset.direction = this.desk.direction;
    this.desk.guard.forget();
  }

  // Asked for again after the page was hidden: the lock does not survive that.
  async #stayAwake() {
    if (document.hidden || document.body.dataset.stage !== "scanning") return;
    try {
      this.lock = await navigator.wakeLock?.request("screen");
    } catch {
      this.lock = null; // refused on low battery: the phone's own setting rules then
    }
  }
}
