// Words of the page in three languages, written by the server; changing the language keeps the camera.

const pack = JSON.parse(document.getElementById("desk-texts").textContent);
let language = document.documentElement.lang in pack ? document.documentElement.lang : "en";
const listeners = [];

export function currentLanguage() { return language; }

export function t(key, values = {}) {
  const text = pack[language][key] ?? pack.en[key] ?? key;
  return text.replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");
}

// An organiser's text: this language, else English, else any.
export function textIn(texts) {
  if (!texts) return "";
  return texts[language] || texts.en || Object.values(texts)[0] || "";
}

export function countryName(code) {
  if (!code) return "";
  try {
    return new Intl.DisplayNames([language], { type: "region" }).of(code);
  } catch {
    return code;
  }
}

export function number(value) { return new Intl.NumberFormat(language).format(value); }

export function clock(iso, zone) {
  const at = new Date(iso);
  const today = new Intl.DateTimeFormat("sv", { timeZone: zone, dateStyle: "short" });
  const options = { timeZone: zone, hour: "2-digit", minute: "2-digit", hour12: false };
  if (today.format(at) !== today.format(new Date())) Object.assign(options, { day: "numeric", month: "short" });
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, options).format(at);
}

export function onLanguage(listener) { listeners.push(listener); }

export function speak(code, root = document) {
  language = code;
  document.documentElement.lang = code;
  for (const element of root.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
  for (const element of root.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
  document.title = t("title");
  const path = location.pathname.replace(/^\/(en|es|fr)(?=\/)/, `/${code}`);
  history.replaceState(history.state, "", path + location.search + location.hash);
  listeners.forEach((listener) => listener());
}
