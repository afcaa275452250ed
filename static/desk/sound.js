// One short tune and one vibration for each verdict, distinct without looking.

const TUNES = {
  admitted: [[880, 0.09], [1320, 0.16]],
  left: [[880, 0.09], [660, 0.16]],
  already_in: [[620, 0.11], [0, 0.06], [620, 0.11], [0, 0.06], [620, 0.11]],
  waiting_list: [[520, 0.16], [0, 0.06], [440, 0.24]],
  not_confirmed: [[440, 0.16], [0, 0.06], [520, 0.24]],
  not_paid: [[520, 0.1], [440, 0.1], [520, 0.22]],
  cancelled: [[196, 0.5]],
  revoked: [[196, 0.22], [0, 0.07], [196, 0.22]],
  wrong_event: [[392, 0.14], [294, 0.14], [196, 0.3]],
  unknown: [[294, 0.18], [0, 0.05], [247, 0.36]],
  malformed: [[247, 0.1], [0, 0.05], [247, 0.1]],
  unverified: [[330, 0.12], [330, 0.12]],
  failed: [[147, 0.6]],
};
const SHAKES = {
  admitted: [60], left: [30, 40, 30], already_in: [90, 60, 90, 60, 90], waiting_list: [160, 80, 240],
  not_confirmed: [160, 80, 160], not_paid: [160, 60, 60], cancelled: [500], revoked: [250, 80, 250],
  wrong_event: [140, 60, 140, 60, 300], unknown: [180, 60, 360], malformed: [100, 50, 100],
  unverified: [120, 40, 120], failed: [600],
};
const HARSH = new Set(["cancelled", "revoked", "wrong_event", "unknown", "failed"]);

export class Sound {
  constructor() {
    this.on = true;
    this.played = []; // for tests and for the log of a fault report
  }

  // Browsers allow sound only after a touch: called by the start button.
  unlock() {
    const Context = window.AudioContext || window.webkitAudioContext;
    if (Context && !this.context) this.context = new Context();
    this.context?.resume?.();
  }

  play(result) {
    this.played.push(result);
    if (this.played.length > 20) this.played.shift();
    navigator.vibrate?.(SHAKES[result] || SHAKES.failed);
    if (!this.on || !this.context) return;
    this.context.resume?.();
    let at = this.context.currentTime + 0.01;
    for (const [pitch, seconds] of TUNES[result] || TUNES.failed) {
      if (pitch) this.#tone(pitch, at, seconds, HARSH.has(result) ? "sawtooth" : "triangle");
      at += seconds;
    }
  }

  #tone(pitch, at, seconds, shape) {
    const tone = this.context.createOscillator();
    const level = this.context.createGain();
    tone.type = shape;
    tone.frequency.value = pitch;
    level.gain.setValueAtTime(0.0001, at);
    level.gain.exponentialRampToValueAtTime(0.6, at + 0.01);
    level.gain.exponentialRampToValueAtTime(0.0001, at + seconds);
    tone.connect(level).connect(this.context.destination);
    tone.start(at);
    tone.stop(at + seconds + 0.02);
  }
}
