// One shift at one door: what is read becomes a scan, what is answered becomes a verdict.

import { SignedOut } from "./api.js";
import { Counters } from "./counters.js";
import { Guard } from "./guard.js";
import { Outbox } from "./outbox.js";
import { Panels } from "./panels.js";
import { People } from "./people.js";
import { Recent } from "./recent.js";
import { Decoder, Scanner } from "./scanner.js";
import { Sound } from "./sound.js";
import { onLanguage, t, textIn } from "./texts.js";
import { VerdictView } from "./verdict.js";
import { listenToWedge } from "./wedge.js";

const PATIENCE = 4000; // then the helper is told that the scan is kept but not checked

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export class Desk {
  constructor({ store, api, around, config, onSignedOut }) {
    Object.assign(this, { store, api, around, config });
    this.onSignedOut = onSignedOut;
    this.direction = "in";
    this.sound = new Sound();
    this.guard = new Guard();
    this.view = new VerdictView(this.sound);
    this.counters = new Counters(api, around, (error) => this.#trouble(error));
    this.recent = new Recent(store, around, (row) => this.undo(row));
    this.people = new People(api, around, (person) => this.#choose(person), (error) => this.#trouble(error));
    this.outbox = new Outbox(store, api, around.event.slug, {
      onVerdict: (scan, verdict) => this.#answered(scan, verdict),
      onRefused: (scan) => this.#answered(scan, { result: "failed", reason: null, person: null }),
      onState: (state) => this.counters.showState(state),
      onSignedOut: () => this.onSignedOut(),
    });
    this.decoder = new Decoder(config.urls);
    this.scanner = new Scanner(document.getElementById("camera"), this.decoder, (text) => this.read(text, "camera"));
  }

  async open() {
    this.#title();
    onLanguage(() => { this.#title(); this.view.again(); this.recent.draw(); this.counters.draw(); });
    this.panels = new Panels(this);
    listenToWedge(document, (code, field) => {
      if (field) field.value = "";
      this.panels.closeAll();
      this.read(code, "wedge");
    });
    await this.recent.load();
    await this.outbox.start();
    this.counters.start();
  }

  close() {
    this.outbox.stop();
    this.counters.stop();
    this.scanner.stop();
  }

  // Everything that reads codes ends here.
  read(code, source, more = {}) {
    if (!code || document.body.dataset.stage !== "scanning") return;
    const now = performance.now();
    if (!more.override && this.guard.isRepeat(code, now)) return;
    const scan = {
      id: newId(), code, point: this.around.device.point, direction: this.direction,
      at: new Date().toISOString(), typed: source === "camera" ? "" : code.slice(-8), ...more,
    };
    this.view.show(scan, { result: "checking", person: null }, this.around);
    this.waiting = setTimeout(() => this.#unverified(scan), PATIENCE);
    this.outbox.add(scan);
  }

  // The helper lets somebody in against the rules: a scan of its own, with the reason.
  override(note) {
    const { scan } = this.view;
    if (scan) this.read(scan.code, "override", { override: note });
  }

  async undo(row) {
    try {
      await this.api.post(`/check-ins/${row.id}/undo`, { id: row.undoId ||= newId(), note: "" });
      this.recent.markUndone(row.id);
      this.guard.forget();
      if (this.view.scan?.id === row.id) this.view.hide();
      this.panels.say(t("undone", { name: row.name }));
      this.counters.refresh();
    } catch (error) {
      this.#trouble(error);
      this.panels.say(error.code ? error.message : t("undo_offline"));
    }
  }

  #choose(person) {
    this.panels.closeAll();
    this.guard.forget();
    this.read(person.code, "search");
  }

  #answered(scan, verdict) {
    const shown = this.view.scan?.id === scan.id;
    if (shown) clearTimeout(this.waiting);
    this.recent.record(scan, verdict);
    if (shown) this.view.show(scan, verdict, this.around);
    this.counters.refresh();
  }

  #unverified(scan) {
    if (this.view.scan?.id !== scan.id) return;
    const verdict = { result: "unverified", reason: null, person: null };
    this.recent.record(scan, verdict);
    this.view.show(scan, verdict, this.around);
  }

  #trouble(error) {
    if (error instanceof SignedOut) {
      this.outbox.stop();
      this.onSignedOut();
    }
  }

  #title() {
    for (const element of document.querySelectorAll("[data-fill]")) {
      const values = {
        event: textIn(this.around.event.title),
        device: this.around.device.name,
        point: this.around.device.point === "entrance" ? t("entrance") : this.around.device.point,
      };
      element.textContent = values[element.dataset.fill];
    }
  }
}
