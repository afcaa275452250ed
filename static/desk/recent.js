// The last scans of this phone, each with its verdict; what let somebody in can be undone.

import { clock, t } from "./texts.js";

const KEEP = 50;
const UNDOABLE = new Set(["admitted", "left"]);

export class Recent {
  constructor(store, around, onUndo) {
    Object.assign(this, { store, around, onUndo, rows: [] });
    this.list = document.getElementById("recent-list");
    this.list.addEventListener("click", (event) => {
      const id = event.target.closest("[data-undo]")?.dataset.undo;
      const row = id && this.rows.find((other) => other.id === id);
      if (row) this.onUndo(row);
    });
  }

  async load() {
    const rows = await this.store.all("recent");
    this.rows = rows.filter((row) => row.event === this.around.event.slug).sort((a, b) => (a.at < b.at ? 1 : -1));
    this.draw();
  }

  record(scan, verdict) {
    const known = this.rows.find((row) => row.id === scan.id);
    const row = Object.assign(known || { id: scan.id, at: scan.at, event: this.around.event.slug }, {
      result: verdict.result, reason: verdict.reason || null, name: verdict.person?.name || "", typed: scan.typed || "",
    });
    if (!known) this.rows.unshift(row);
    this.store.put("recent", row).catch(() => {});
    for (const old of this.rows.splice(KEEP)) this.store.remove("recent", old.id).catch(() => {});
    this.draw();
  }

  markUndone(id) {
    const row = this.rows.find((other) => other.id === id);
    if (!row) return;
    row.undone = true;
    this.store.put("recent", row).catch(() => {});
    this.draw();
  }

  draw() {
    this.list.replaceChildren(...this.rows.map((row) => this.#line(row)));
    document.getElementById("recent-empty").hidden = this.rows.length > 0;
  }

  #line(row) {
    const line = document.createElement("li");
    line.dataset.result = row.result;
    const time = document.createElement("time");
    time.dateTime = row.at;
    time.textContent = clock(row.at, this.around.event.timezone);
    const word = document.createElement("strong");
    word.textContent = row.undone ? t("word.undone") : t(`word.${row.result}`);
    const who = document.createElement("bdi");
    who.textContent = row.name || row.typed;
    line.append(time, word, who);
    if (UNDOABLE.has(row.result) && !row.undone) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "small";
      button.dataset.undo = row.id;
      button.textContent = t("undo");
      button.setAttribute("aria-label", `${t("undo")}: ${row.name}`);
      line.append(button);
    }
    return line;
  }
}
