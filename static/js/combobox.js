// Suggests cities over a plain text input (WAI-ARIA combobox with a listbox). Without it the text is sent as typed.
const WAIT = 150;

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

function enhance(box) {
  const input = box.querySelector("input:not([type=hidden])");
  const chosen = document.getElementById(box.dataset.chosen);
  const country = document.getElementById(box.dataset.country);
  if (!input || !chosen || input.getAttribute("role") === "combobox") return;

  const list = document.createElement("ul");
  const said = document.createElement("div");
  let places = [], active = -1, timer = 0, asked = null, pickedText = chosen.value ? input.defaultValue : null;

  list.id = `${input.id}-list`;
  list.className = "listbox";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.list);
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  box.append(list, said);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, autocomplete: "off",
  })) input.setAttribute(name, value);

  // A browser that goes back to a form gives back its fields, but for those that say off.
  input.form?.addEventListener("submit", () => input.setAttribute("autocomplete", "address-level2"));

  const close = () => {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const mark = (index) => {
    active = index;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === active)));
    if (active < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[active].id);
    list.children[active].scrollIntoView({ block: "nearest" });
  };

  const pick = (index) => {
    const place = places[index];
    if (!place) return;
    input.value = pickedText = place.label;
    chosen.value = place.id;
    if (country && place.country && !country.value) country.value = place.country;
    close();
    said.textContent = fill(box.dataset.picked, place);
    chosen.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const show = (found) => {
    places = found;
    list.replaceChildren(...places.map((place, index) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.append(place.label);
      if (place.note) {
        const note = document.createElement("small");
        note.textContent = ` ${place.note}`;
        item.append(note);
      }
      return item;
    }));
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !places.length;
    input.setAttribute("aria-expanded", String(places.length > 0));
    said.textContent = places.length > 1 ? fill(box.dataset.many, { n: places.length })
      : places.length ? box.dataset.one : box.dataset.none;
  };

  const ask = async () => {
    asked?.abort();
    const q = input.value.trim();
    if (q.length < 2) return close();
    const mine = asked = new AbortController();
    const query = new URLSearchParams({ q, country: country?.value ?? "", lang: document.documentElement.lang });
    try {
      const answer = await fetch(`${box.dataset.combobox}?${query}`, { signal: mine.signal, headers: { Accept: "application/json" } });
      const found = answer.ok ? await answer.json() : [];
      // A late answer, or one for a field that was left, says nothing any more.
      if (mine === asked && !mine.signal.aborted && document.activeElement === input && input.value.trim() === q) show(found);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  const typed = () => {
    if (chosen.value && input.value !== pickedText) chosen.value = "";
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  };

  input.addEventListener("input", (event) => { if (!event.isComposing) typed(); });
  input.addEventListener("compositionend", typed);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey && event.key !== "ArrowDown" || event.ctrlKey || event.metaKey) return;
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return void (places.length && chosen.value === "" ? show(places) : ask());
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(active < 0 ? (step > 0 ? 0 : places.length - 1) : (active + step + places.length) % places.length);
    } else if (event.key === "Enter" && open && active >= 0) {
      event.preventDefault();
      pick(active);
    } else if (event.key === "Tab" && open && active >= 0) {
      pick(active);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    }
  });
  // The field must keep the focus while the list is pressed.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) pick([...list.children].indexOf(item));
  });
  // A city of another country is no answer once the country changes.
  country?.addEventListener("change", () => { if (chosen.value) chosen.value = pickedText = ""; places = []; });
  // This script may come after the first letters.
  if (document.activeElement === input && input.value !== input.defaultValue) typed();
}

document.querySelectorAll("[data-combobox]").forEach(enhance);
