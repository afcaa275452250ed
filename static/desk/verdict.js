// The answer, readable from two metres: colour, one word, a shape, a sound.

import { clock, countryName, t, textIn } from "./texts.js";

const QUICK = new Set(["admitted", "left"]);
const STAY = 3500;

const parts = (name) => document.querySelector(`[data-verdict-part="${name}"]`);

export class VerdictView {
  constructor(sound) {
    this.sound = sound;
    this.box = document.getElementById("verdict");
    this.scan = null;
  }

  // state: { result, reason, person, first_at, first_where } or result "checking" | "unverified" | "failed"
  show(scan, verdict, around, { quiet = false } = {}) {
    this.scan = scan;
    this.last = [scan, verdict, around];
    const { result } = verdict;
    clearTimeout(this.timer);
    this.box.dataset.result = result;
    document.body.dataset.showing = result;
    this.#shape(result);
    this.#write("word", verdict.reason === "re_entry" ? t("word.re_entry") : t(`word.${result}`));
    this.#write("name", verdict.person?.name || "");
    this.#write("about", this.#about(verdict, around));
    this.#write("when", this.#when(verdict, around));
    this.#write("next", this.#next(verdict));
    this.#category(verdict, around);
    parts("override").hidden = !(around.device.may_override && t(`may_override.${result}`) === "yes");
    this.box.hidden = false;
    if (result === "checking") return;
    if (!quiet) this.sound.play(result);
    if (QUICK.has(result)) this.timer = setTimeout(() => this.hide(), STAY);
  }

  again() {
    if (this.last && !this.box.hidden) this.show(...this.last, { quiet: true });
  }

  hide() {
    clearTimeout(this.timer);
    this.box.hidden = true;
    this.scan = null;
    delete document.body.dataset.showing;
  }

  #shape(result) {
    parts("shape").querySelector("use").setAttribute("href", `#shape-${result}`);
  }

  #write(part, text) {
    const element = parts(part);
    element.textContent = text;
    element.hidden = !text;
  }

  #about({ person }) {
    if (!person) return "";
    return [person.organisation, person.city, countryName(person.country)].filter(Boolean).join(" · ");
  }

  #when(verdict, around) {
    if (!verdict.first_at || !["already_in", "left"].includes(verdict.result)) return "";
    const time = clock(verdict.first_at, around.event.timezone);
    return verdict.first_where ? t("first_at_where", { time, where: verdict.first_where }) : t("first_at", { time });
  }

  #next({ result, reason }) {
    const detail = reason ? t(`reason.${reason}`) : "";
    const known = detail && detail !== `reason.${reason}` ? detail : "";
    return [known, t(`next.${result}`)].filter((text) => text && !text.startsWith("next.")).join(" ");
  }

  #category({ person }, around) {
    const category = person && around.categories[person.category];
    this.#write("category", category ? textIn(category.name) || person.category : "");
  }
}
