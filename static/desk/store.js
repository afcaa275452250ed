// What must survive a reload: the token, the queue, the last scans. IndexedDB, or memory where a
// browser refuses it (the page then says that nothing survives closing it).

const NAME = "eventsys-desk";
const STORES = { kv: "key", queue: "id", recent: "id" };

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) request.result.createObjectStore(name, { keyPath });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

function finished(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

class Durable {
  constructor(database) {
    this.database = database;
    this.durable = true;
  }

  #store(name, mode) {
    return this.database.transaction(name, mode, { durability: "relaxed" }).objectStore(name);
  }

  all(name) { return finished(this.#store(name, "readonly").getAll()); }

  get(name, key) { return finished(this.#store(name, "readonly").get(key)); }

  put(name, row) { return finished(this.#store(name, "readwrite").put(row)); }

  remove(name, key) { return finished(this.#store(name, "readwrite").delete(key)); }

  async clear() {
    for (const name of Object.keys(STORES)) await finished(this.#store(name, "readwrite").clear());
  }
}

class Fleeting {
  constructor() {
    this.durable = false;
    this.rows = Object.fromEntries(Object.keys(STORES).map((name) => [name, new Map()]));
  }

  async all(name) { return [...this.rows[name].values()]; }

  async get(name, key) { return this.rows[name].get(key); }

  async put(name, row) { this.rows[name].set(row[STORES[name]], row); }

  async remove(name, key) { this.rows[name].delete(key); }

  async clear() { for (const rows of Object.values(this.rows)) rows.clear(); }
}

export async function openStore() {
  try {
    const store = new Durable(await open());
    navigator.storage?.persist?.().catch(() => false);
    return store;
  } catch {
    return new Fleeting();
  }
}
