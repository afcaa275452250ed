// Search a person by name when there is no badge to scan.

import { Refused } from "./api.js";
import { clock, countryName, t, textIn } from "./texts.js";

const PAUSE = 250;
const MINIMUM = 3;

export class People {
  constructor(api, around, onChoose, onTrouble) {
    Object.assign(this, { api, around, onChoose, onTrouble });
    this.field = document.getElementById("search-field");
    this.list = document.getElementById("search-list");
    this.status = document.getElementById("search-status");
    this.field.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(), PAUSE);
    });
    this.list.addEventListener("click", (event) => {
      const code = event.target.closest("button")?.dataset.code;
      const person = code && this.found.find((candidate) => candidate.code === code);
      if (person) this.onChoose(person);
    });
  }

  open() {
    this.field.value = "";
    this.#show([], t("search_hint"));
    this.field.focus();
  }

  async search() {
    const text = this.field.value.trim();
    this.round = (this.round || 0) + 1;
    const round = this.round;
    if (text.length < MINIMUM) {
      this.#show([], t("search_hint"));
      return;
    }
    try {
      const { people } = await this.api.get(`/roster?q=${encodeURIComponent(text)}`);
      if (round === this.round) this.#show(people, people.length ? t("found", { n: people.length }) : t("found_none"));
    } catch (error) {
      if (round === this.round) this.#show([], error instanceof Refused ? t("search_hint") : t("search_offline"));
      this.onTrouble(error);
    }
  }

  #show(people, status) {
    this.found = people;
    this.status.textContent = status;
    this.list.replaceChildren(...people.map((person) => this.#line(person)));
  }

  #line(person) {
    const line = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.code = person.code;
    const name = document.createElement("bdi");
    name.textContent = person.name;
    const about = document.createElement("small");
    const category = this.around.categories[person.category];
    about.textContent = [person.organisation, person.city, countryName(person.country), category && textIn(category.name)]
      .filter(Boolean).join(" · ");
    const state = document.createElement("span");
    const status = person.attended_at ? "in" : person.payment === "due" ? "due" : person.status;
    state.className = "state";
    state.dataset.state = status;
    state.textContent = person.attended_at
      ? t("state.in", { time: clock(person.attended_at, this.around.event.timezone) }) : t(`state.${status}`);
    button.append(name, about, state);
    line.append(button);
    return line;
  }
}
