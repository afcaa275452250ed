// Every scan is kept until the server has answered it, and is always sent under the same id: a retry
// can never count twice. Nothing leaves this queue without being shown.

import { Refused, SignedOut, Unreachable } from "./api.js";

const BATCH = 50;
const PAUSES = [1000, 2000, 4000, 8000, 15000];
const IDLE = 60000;

export class Outbox {
  // listeners: onVerdict(scan, verdict), onRefused(scan, error), onState({ online, unsent }), onSignedOut()
  constructor(store, api, event, listeners) {
    this.store = store;
    this.api = api;
    this.event = event; // scans left from another event wait for a device of that event
    this.listeners = listeners;
    this.queue = [];
    this.busy = false;
    this.failures = 0;
    this.online = true;
    this.lastContact = 0;
    this.stopped = false;
  }

  async start() {
    const rows = await this.store.all("queue");
    this.queue = rows.filter((row) => row.event === this.event).sort((a, b) => a.seq - b.seq);
    this.seq = this.queue.reduce((high, row) => Math.max(high, row.seq), Date.now());
    addEventListener("online", () => this.flush());
    addEventListener("visibilitychange", () => { if (!document.hidden) this.flush(); });
    this.beat = setInterval(() => this.#signOfLife(), IDLE / 4);
    this.#tell();
    this.flush();
  }

  stop() {
    this.stopped = true;
    clearInterval(this.beat);
    clearTimeout(this.timer);
  }

  add(scan) {
    this.seq += 1;
    const row = { ...scan, event: this.event, seq: this.seq };
    this.queue.push(row);
    this.store.put("queue", row).catch(() => {});
    this.#tell();
    this.flush();
  }

  async flush() {
    if (this.busy || this.stopped || !this.queue.length) return;
    this.busy = true;
    clearTimeout(this.timer);
    const batch = this.queue.slice(0, this.narrow ? 1 : BATCH);
    try {
      await this.#send(batch);
      this.failures = 0;
      this.#contact(true);
    } catch (error) {
      await this.#failed(error, batch);
    }
    this.busy = false;
    this.#tell();
    if (this.queue.length && !this.stopped) this.#again();
  }

  #again() {
    const pause = this.failures ? PAUSES[Math.min(this.failures, PAUSES.length) - 1] : 0;
    this.timer = setTimeout(() => this.flush(), pause);
  }

  async #send(batch) {
    const scans = batch.map(({ id, code, point, direction, at, override }) => ({ id, code, point, direction, at, override }));
    const body = { scans, sent_at: new Date().toISOString(), unsent: this.queue.length };
    const answer = await this.api.post("/check-ins", body);
    const verdicts = new Map(answer.verdicts.map((verdict) => [verdict.id, verdict]));
    for (const row of batch) {
      if (!verdicts.has(row.id)) throw new Unreachable("an answer without our scan");
    }
    for (const row of batch) {
      await this.#drop(row);
      this.listeners.onVerdict(row, verdicts.get(row.id));
    }
    this.narrow = false;
  }

  async #drop(row) {
    this.queue = this.queue.filter((other) => other.id !== row.id);
    await this.store.remove("queue", row.id).catch(() => {});
  }

  async #failed(error, batch) {
    if (error instanceof SignedOut) {
      this.stop();
      this.listeners.onSignedOut();
    } else if (error instanceof Refused && batch.length > 1) {
      this.narrow = true; // one of them is bad: send them one by one to find it
    } else if (error instanceof Refused && error.status !== 409) {
      await this.#drop(batch[0]);
      this.listeners.onRefused(batch[0], error);
    } else {
      this.failures += 1;
      this.#contact(error instanceof Refused);
    }
  }

  async #signOfLife() {
    if (this.queue.length || this.stopped || document.hidden || Date.now() - this.lastContact < IDLE) return;
    try {
      await this.api.post("/check-ins", { scans: [], sent_at: new Date().toISOString(), unsent: 0 });
      this.#contact(true);
    } catch (error) {
      if (error instanceof SignedOut) {
        this.stop();
        this.listeners.onSignedOut();
      } else {
        this.#contact(false);
      }
    }
    this.#tell();
  }

  #contact(online) {
    this.online = online;
    if (online) this.lastContact = Date.now();
  }

  #tell() {
    this.listeners.onState({ online: this.online, unsent: this.queue.length });
  }
}
