// Calls to the server. Three kinds of failure matter to the desk: no answer (keep and try again),
// signed out (wipe), refused (say why).

const TIMEOUT = 6000;

export class Unreachable extends Error {}
export class SignedOut extends Error {}

export class Refused extends Error {
  constructor(status, body) {
    super(body.error || String(status));
    this.status = status;
    this.code = body.code || "";
  }
}

export class Api {
  constructor(base, token) {
    this.base = base;
    this.token = token;
    this.tags = new Map();
  }

  async call(method, path, body) {
    const headers = { Authorization: `Bearer ${this.token}`, Accept: "application/json", "Accept-Language": document.documentElement.lang };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const kept = method === "GET" ? this.tags.get(path) : undefined;
    if (kept) headers["If-None-Match"] = kept.tag;
    let response;
    let content;
    try {
      response = await fetch(this.base + path, {
        method, headers, body: body === undefined ? undefined : JSON.stringify(body),
        cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(TIMEOUT),
      });
      if (response.status === 304 && kept) return kept.body;
      content = await response.json();
    } catch (error) {
      throw new Unreachable(String(error));
    }
    return this.#judge(response, content, method, path);
  }

  #judge(response, content, method, path) {
    if (response.ok) {
      const tag = response.headers.get("ETag");
      if (method === "GET" && tag) this.tags.set(path, { tag, body: content });
      return content;
    }
    const ours = typeof content?.code === "string";
    if ((response.status === 401 || response.status === 410) && ours) throw new SignedOut(content.code);
    // 5xx, 408, 429 and whatever a proxy in between invents: the scan is kept and sent again.
    if (response.status >= 500 || response.status === 408 || response.status === 429 || !ours) {
      throw new Unreachable(String(response.status));
    }
    throw new Refused(response.status, content);
  }

  get(path) { return this.call("GET", path); }

  post(path, body) { return this.call("POST", path, body); }
}
