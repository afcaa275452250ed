// Reads QR codes in a worker of its own. The page tells where its engines are; the first that passes a
// self-test is used. A worker obeys the policy of its own response: only this file may compile wasm.
"use strict";

// A code of version 1 with the text SELF-TEST: an engine that cannot read it cannot read badges either.
const SAMPLE = [
  "#######.#..#..#######",
  "#.....#.##.##.#.....#",
  "#.###.#..##.#.#.###.#",
  "#.###.#.#####.#.###.#",
  "#.###.#..###..#.###.#",
  "#.....#...###.#.....#",
  "#######.#.#.#.#######",
  "........#.###........",
  "#.##.###...##.#..#.##",
  "##..##..##.#####.##.#",
  ".#.#.#####.#......#..",
  "####.#...###..#.#.#.#",
  "########..#.#..#..###",
  "........#..#..#.##..#",
  "#######.##.##....#..#",
  "#.....#.#.......##...",
  "#.###.#..##.###....##",
  "#.###.#.####..####.#.",
  "#.###.#.##..#.###.#..",
  "#.....#..##..#...##..",
  "#######.#....#.###.#.",
];
const SAMPLE_TEXT = "SELF-TEST";
const OPTIONS = {
  formats: ["QRCode"], maxNumberOfSymbols: 1, tryHarder: true, tryInvert: true, tryDownscale: true, tryRotate: false,
};

let read = null;

function samplePicture() {
  const scale = 6, quiet = 4, modules = SAMPLE.length, side = (modules + 2 * quiet) * scale;
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < modules * scale; y += 1) {
    for (let x = 0; x < modules * scale; x += 1) {
      if (SAMPLE[Math.floor(y / scale)][Math.floor(x / scale)] === "#") {
        const at = ((y + quiet * scale) * side + x + quiet * scale) * 4;
        data[at] = data[at + 1] = data[at + 2] = 0;
      }
    }
  }
  return new ImageData(data, side, side);
}

function wasmEngine(urls) {
  importScripts(urls.zxing);
  const ready = ZXingWASM.prepareZXingModule({
    overrides: { locateFile: () => urls.wasm }, fireImmediately: true,
  });
  return async (picture) => {
    await ready;
    const found = await ZXingWASM.readBarcodes(picture, OPTIONS);
    const good = found.find((code) => code.isValid && code.text);
    return good ? good.text : "";
  };
}

function plainEngine(urls) {
  importScripts(urls.qr);
  return async (picture) => {
    try {
      return QRFallback.default(picture, { effort: 3, timeLimit: 120 }) || "";
    } catch {
      return ""; // this engine reports "no code in the picture" as an exception
    }
  };
}

async function passes(engine) {
  return (await engine(samplePicture())) === SAMPLE_TEXT;
}

async function load(urls) {
  const engines = [["zxing-wasm", wasmEngine], ["qr", plainEngine]];
  const problems = [];
  for (const [name, make] of engines) {
    if (urls.skip === name) continue;
    try {
      const engine = make(urls);
      if (await passes(engine)) {
        read = engine;
        postMessage({ type: "ready", engine: name, problems });
        return;
      }
      problems.push(`${name}: self-test`);
    } catch (error) {
      problems.push(`${name}: ${error.message || error}`);
    }
  }
  postMessage({ type: "failed", problems });
}

self.onmessage = async (event) => {
  const message = event.data;
  if (message.type === "load") {
    await load(message.urls);
    return;
  }
  const picture = new ImageData(new Uint8ClampedArray(message.buffer), message.width, message.height);
  let text = "";
  try {
    text = await read(picture);
  } catch (error) {
    postMessage({ type: "read", id: message.id, text: "", problem: String(error.message || error) });
    return;
  }
  postMessage({ type: "read", id: message.id, text });
};
