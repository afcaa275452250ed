// The figures at the top and the state of the connection. Asked for, never guessed.

import { number, t } from "./texts.js";

const EVERY = 15000;

export class Counters {
  constructor(api, around, onTrouble) {
    Object.assign(this, { api, around, onTrouble, values: null, state: { online: true, unsent: 0 } });
  }

  start() {
    this.timer = setInterval(() => { if (!document.hidden) this.refresh(); }, EVERY);
    this.refresh();
  }

  stop() { clearInterval(this.timer); }

  // Several verdicts in a row ask once.
  refresh() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.#ask(), 400);
  }

  async #ask() {
    try {
      this.values = await this.api.get("/counters");
      this.draw();
    } catch (error) {
      this.onTrouble(error);
    }
  }

  showState(state) {
    this.state = state;
    this.draw();
  }

  draw() {
    const line = document.getElementById("counters");
    if (this.values) {
      line.textContent = t("counted", { n: number(this.values.attended), of: number(this.values.confirmed) });
    }
    const pill = document.getElementById("connection");
    const { online, unsent } = this.state;
    pill.dataset.state = online ? (unsent ? "sending" : "online") : "offline";
    pill.textContent = unsent ? t("unsent", { n: number(unsent) }) : t(online ? "online" : "offline");
  }
}
