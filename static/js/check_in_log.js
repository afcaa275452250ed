// The log of scans, while somebody looks at its newest page: asked for again every five seconds.
const EVERY = 5000;
const section = document.getElementById("log");

async function refresh() {
  const reading = section.contains(document.activeElement) || section.getAttribute("aria-busy") === "true";
  if (document.hidden || reading || location.search.includes("before=")) return;
  const here = location.href;
  const answer = await fetch(here, { headers: { Accept: "text/html" }, cache: "no-store" });
  if (!answer.ok || location.href !== here) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("log");
  // The count line is left alone: a screen reader must not speak every five seconds.
  const [old, next] = [section.querySelector(".table-wrap"), fresh?.querySelector(".table-wrap")];
  if (old && next) {
    if (old.innerHTML !== next.innerHTML) old.replaceWith(next);
  } else if (fresh && !old && next) {
    section.replaceChildren(...fresh.childNodes);
  }
}

if (section) setInterval(() => refresh().catch(() => {}), EVERY);
