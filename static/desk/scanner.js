// The camera: one stream for the whole shift, small pictures to the worker, now and then a large one.

const PERIOD = 1000 / 12;
const SMALL = 640;
const LARGE = 1280;
const LARGE_AFTER = 1500;

export class Decoder {
  constructor(urls) {
    this.urls = urls;
    this.waiting = new Map();
    this.next = 1;
    this.engine = "";
  }

  load() {
    this.worker = new Worker(this.urls.worker);
    return new Promise((resolve, reject) => {
      this.worker.onerror = (event) => reject(new Error(event.message || "worker"));
      this.worker.onmessage = ({ data }) => {
        if (data.type === "ready") {
          this.engine = data.engine;
          resolve(data.engine);
        } else if (data.type === "failed") {
          reject(new Error(data.problems.join("; ")));
        } else {
          this.waiting.get(data.id)?.(data.text);
          this.waiting.delete(data.id);
        }
      };
      this.worker.postMessage({ type: "load", urls: this.urls });
    });
  }

  get busy() { return this.waiting.size > 0; }

  read(picture) {
    const id = this.next;
    this.next += 1;
    const { width, height, data } = picture;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.worker.postMessage({ type: "frame", id, width, height, buffer: data.buffer }, [data.buffer]);
    });
  }
}

export class Scanner {
  constructor(video, decoder, onCode) {
    this.video = video;
    this.decoder = decoder;
    this.onCode = onCode;
    this.canvas = document.createElement("canvas");
    this.paint = this.canvas.getContext("2d", { willReadFrequently: true });
    this.lastHit = 0;
    this.running = false;
  }

  async start(deviceId) {
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("no camera here", "NotSupportedError");
    this.stop();
    const wanted = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: "environment" } };
    const video = { ...wanted, width: { ideal: LARGE }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
    this.stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    this.video.srcObject = this.stream;
    await this.video.play();
    this.running = true;
    this.lastHit = performance.now();
    this.#loop();
  }

  stop() {
    this.running = false;
    clearTimeout(this.timer);
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
  }

  get track() { return this.stream?.getVideoTracks()[0]; }

  get hasTorch() { return Boolean(this.track?.getCapabilities?.().torch); }

  async setTorch(on) {
    await this.track?.applyConstraints({ advanced: [{ torch: on }] });
  }

  async cameras() {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.filter((device) => device.kind === "videoinput");
  }

  // A photograph of the code, for browsers that refuse the live camera.
  async readPhoto(file) {
    const bitmap = await createImageBitmap(file);
    for (const side of [LARGE, SMALL, 2000]) {
      const text = await this.decoder.read(this.#shot(bitmap, bitmap.width, bitmap.height, side));
      if (text) return text;
    }
    return "";
  }

  async #loop() {
    const began = performance.now();
    const { videoWidth, videoHeight, readyState } = this.video;
    if (videoWidth && readyState >= 2 && !document.hidden && !this.decoder.busy) {
      const far = began - this.lastHit > LARGE_AFTER;
      const text = await this.decoder.read(this.#shot(this.video, videoWidth, videoHeight, far ? LARGE : SMALL));
      if (text || far) this.lastHit = performance.now();
      if (text) this.onCode(text);
    }
    if (this.running) this.timer = setTimeout(() => this.#loop(), Math.max(0, PERIOD - (performance.now() - began)));
  }

  #shot(source, width, height, side) {
    const scale = Math.min(1, side / Math.max(width, height));
    const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
    if (this.canvas.width !== w || this.canvas.height !== h) Object.assign(this.canvas, { width: w, height: h });
    this.paint.drawImage(source, 0, 0, w, h);
    return this.paint.getImageData(0, 0, w, h);
  }
}
