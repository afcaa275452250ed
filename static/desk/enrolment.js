// The token of this device: from the link's fragment, which no server log ever sees.

const TOKEN = /^[A-Z2-7]{26}$/;

export function tokenIn(text) {
  const tail = text.trim().slice(text.trim().lastIndexOf("#") + 1).toUpperCase();
  return TOKEN.test(tail) ? tail : "";
}

export async function enrol(store, text) {
  const token = tokenIn(text || "");
  if (!token) return false;
  await wipe(store);
  await store.put("kv", { key: "token", value: token });
  // The link must not stay in the address bar, in screenshots or in shared addresses.
  history.replaceState(null, "", location.pathname);
  return true;
}

export async function remembered(store) {
  return (await store.get("kv", "token"))?.value || "";
}

// Everything that names people or opens the door; scans that were not sent yet are kept: they hold no
// names, and a new link for the same event sends them.
export async function wipe(store) {
  for (const key of ["token", "around"]) await store.remove("kv", key);
  for (const row of await store.all("recent")) await store.remove("recent", row.id);
}

export async function forget(store) {
  await wipe(store);
}
