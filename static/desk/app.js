// The desk: from the device's link to the first scan, and then never leaving the page.

import { Api, Refused, SignedOut } from "./api.js";
import { enrol, forget, remembered, wipe } from "./enrolment.js";
import { Desk } from "./desk.js";
import { openStore } from "./store.js";
import { speak, t } from "./texts.js";

const page = document.body;
const config = JSON.parse(document.getElementById("desk-config").textContent);

function stage(name) {
  page.dataset.stage = name;
  for (const section of document.querySelectorAll("[data-stage-of]")) section.hidden = section.dataset.stageOf !== name;
}

function explain(key, values) {
  document.getElementById("welcome-problem").textContent = key ? t(key, values) : "";
  document.getElementById("welcome-problem").hidden = !key;
}

async function begin(store) {
  const token = await remembered(store);
  if (!token) {
    stage("welcome");
    return;
  }
  const api = new Api(config.api, token);
  const kept = (await store.get("kv", "around"))?.value;
  let around = kept;
  try {
    around = await api.get("/device");
    await store.put("kv", { key: "around", value: around });
  } catch (error) {
    if (error instanceof SignedOut) {
      await signedOut(store);
      return;
    }
    if (error instanceof Refused || !kept) {
      stage("welcome");
      explain("no_connection");
      return;
    }
  }
  const desk = new Desk({ store, api, around, config, onSignedOut: () => signedOut(store) });
  window.desk = desk; // for the tests and for a fault report by telephone
  await desk.open();
  stage("ready");
}

async function signedOut(store) {
  const waiting = (await store.all("queue")).length;
  window.desk?.close();
  await wipe(store);
  stage("welcome");
  explain(waiting ? "signed_out_waiting" : "signed_out", { n: waiting });
}

async function main() {
  const store = await openStore();
  window.deskStore = store;
  speak(document.documentElement.lang);
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => {
      speak(button.dataset.language);
      store.put("kv", { key: "language", value: button.dataset.language }).catch(() => {});
    });
  }
  document.getElementById("enrol-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await enrol(store, document.getElementById("enrol-field").value)) await begin(store);
    else explain("not_a_link");
  });
  document.getElementById("sign-out").addEventListener("click", async () => {
    window.desk?.close();
    await forget(store);
    location.reload();
  });
  addEventListener("hashchange", async () => {
    if (await enrol(store, location.hash)) location.reload();
  });
  const fresh = await enrol(store, location.hash);
  const chosen = (await store.get("kv", "language"))?.value;
  if (chosen && !fresh) speak(chosen);
  await begin(store);
}

main();
