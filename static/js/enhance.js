// Small comforts over pages that work without them: focus on errors, one submit at a time, lists that change in place, live counts.
const EVERY = 5000, SLOWEST = 60000, RETRY_AFTER = 8000;

document.querySelector("[data-focus]")?.focus();

// On a narrow screen the bars of links scroll sideways: the present page's link is brought into view.
for (const link of document.querySelectorAll("nav [aria-current]")) {
  const bar = link.closest("ul");
  const own = link.getBoundingClientRect(), frame = bar.getBoundingClientRect();
  if (own.left < frame.left || own.right > frame.right) bar.scrollLeft += own.left - frame.left - 24;
}

// A script that only one field needs comes when that field is entered, not with the page.
document.addEventListener("focusin", (event) => {
  const module = event.target.closest("[data-module]")?.dataset.module;
  if (module) import(module);
});

// A second press while the first is under way is dropped; after a while, or on return to the page, it counts again.
function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[type=submit]").forEach((button) => button.removeAttribute("aria-disabled"));
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!("once" in form.dataset) || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  // After this moment, so that the pressed button's own name and value are still sent.
  setTimeout(() => form.querySelectorAll("[type=submit]").forEach((button) => button.setAttribute("aria-disabled", "true")));
  setTimeout(release, RETRY_AFTER, form);
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

// Sort links, pages and filters replace only the marked section; the address bar keeps the address of the whole.
const address = () => location.pathname + location.search;
let under = null, here = address();
async function swap(url, target, { push = true } = {}) {
  under?.abort();
  const mine = under = new AbortController();
  const old = document.getElementById(target);
  if (!old) return location.assign(url);
  const kept = document.activeElement, inside = old.contains(kept);
  const label = inside && (kept.getAttribute("rel") || kept.textContent.trim());
  old.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(target);
    if (!answer.ok || !fresh) return location.assign(url);
    if (push) history.pushState(null, "", answer.url || url);
    here = address();
    // The status line stays the same element: a screen reader then says its new words.
    const status = old.querySelector("[role=status]"), words = fresh.querySelector("[role=status]");
    if (status && words) { const text = words.textContent; words.replaceWith(status); status.textContent = text; }
    old.replaceChildren(...fresh.childNodes);
    document.title = page.title;
    if (inside) {
      const same = [...old.querySelectorAll("a[data-swap]")].find((link) => (link.getAttribute("rel") || link.textContent.trim()) === label);
      (same ?? old.querySelector("a[data-swap]") ?? old).focus({ preventScroll: label !== "next" && label !== "prev" });
    }
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
  } finally {
    if (mine === under) old.removeAttribute("aria-busy");
  }
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]"), section = link?.closest("[data-results]");
  if (!section || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
  event.preventDefault();
  swap(link.href, section.id);
});
document.addEventListener("submit", (event) => {
  const form = event.target, target = form.dataset.swap;
  if (!target || event.defaultPrevented) return;
  event.preventDefault();
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  swap(`${form.action.split("?")[0]}?${query}`, target);
});
addEventListener("popstate", () => {
  const section = document.querySelector("[data-results]");
  if (section && here !== address()) location.reload();
});

// Live counts: asked for every five seconds while somebody looks, less often when the server does not answer.
document.querySelectorAll("[data-live]:not([data-live-mark])").forEach((tiles) => {
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  const mark = document.querySelector("[data-live-mark]");
  let tag = "", wait = EVERY, timer = 0;
  const say = (late) => {
    if (!mark) return;
    mark.classList.toggle("late", late);
    mark.textContent = `${late ? mark.dataset.late : mark.dataset.live} ${new Date().toLocaleTimeString(document.documentElement.lang, { hourCycle: "h23" })}`;
  };
  const ask = async () => {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const answer = await fetch(tiles.dataset.live, { cache: "no-store", headers: tag ? { "If-None-Match": tag } : {} });
      if (answer.status === 401 || answer.status === 403) return say(true);
      if (answer.status !== 304) {
        if (!answer.ok) throw new Error(answer.status);
        tag = answer.headers.get("ETag") ?? "";
        for (const [name, value] of Object.entries(await answer.json())) {
          const cell = tiles.querySelector(`[data-count="${CSS.escape(name)}"]`);
          if (cell) cell.textContent = typeof value === "number" ? numbers.format(value) : value;
        }
      }
      wait = EVERY;
      say(false);
    } catch {
      wait = Math.min(wait * 2, SLOWEST);
      if (wait > 2 * EVERY) say(true);
    }
    timer = setTimeout(ask, wait);
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  timer = setTimeout(ask, EVERY);
});

// Whoever waits for a message of the payment service: the page asks again, and goes on when it leads elsewhere.
const waiting = document.querySelector("[data-waiting]");
async function askAgain() {
  try {
    const answer = await fetch(location.href, { redirect: "manual" });
    if (answer.type === "opaqueredirect") return location.assign(waiting.href);
  } catch { /* without a network it asks again, too */ }
  setTimeout(askAgain, EVERY);
}
if (waiting) setTimeout(askAgain, EVERY);
