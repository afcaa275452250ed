// A camera sees the same badge many times, a hardware scanner may send twice: within three seconds of
// the last look the same code is the same scan.

export const WINDOW = 3000;

export class Guard {
  constructor() {
    this.code = "";
    this.last = -Infinity;
  }

  static key(code) {
    const tail = code.trim().toUpperCase().replace(/\/+$/, "");
    return tail.slice(tail.lastIndexOf("/") + 1);
  }

  isRepeat(code, now) {
    const key = Guard.key(code);
    const repeat = key === this.code && now - this.last < WINDOW;
    this.code = key;
    this.last = now;
    return repeat;
  }

  forget() {
    this.code = "";
  }
}
