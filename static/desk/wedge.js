// A USB or Bluetooth scanner types like a keyboard, fast, and ends with Enter. It sends the positions of
// an American keyboard, so event.code is read: event.key would be garbled by any other layout.

const GAP = 250; // milliseconds; a busy machine delivers keys late (80 lost characters)
const MINIMUM = 20;
const PLAIN = { Slash: "/", Period: ".", Minus: "-", Equal: "=", Comma: ",", Semicolon: ";", Quote: "'", Space: " " };
const SHIFTED = {
  Slash: "?", Period: ">", Minus: "_", Equal: "+", Comma: "<", Semicolon: ":", Quote: "\"", Space: " ",
  Digit1: "!", Digit2: "@", Digit3: "#", Digit4: "$", Digit5: "%", Digit6: "^", Digit7: "&", Digit8: "*",
  Digit9: "(", Digit0: ")",
};

export function letterOf(event) {
  const code = event.code;
  if (!code) return /^[A-Za-z2-7]$/.test(event.key) ? event.key : ""; // some Android keyboards give no position
  if (/^Key[A-Z]$/.test(code)) return event.shiftKey ? code[3] : code[3].toLowerCase();
  if (event.shiftKey && code in SHIFTED) return SHIFTED[code];
  if (/^(Digit|Numpad)\d$/.test(code)) return code.at(-1);
  return PLAIN[code] || "";
}

function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

export function listenToWedge(target, onCode) {
  let buffer = "";
  let last = -Infinity;
  target.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const now = event.timeStamp;
    if (now - last > GAP) buffer = "";
    if (event.key === "Enter" || event.code === "Enter" || event.code === "NumpadEnter") {
      if (buffer.length >= MINIMUM) {
        // A button that has the focus must not be pressed by the scanner's Enter.
        event.preventDefault();
        event.stopPropagation();
        onCode(buffer, isTyping(event.target) ? event.target : null);
      }
      buffer = "";
      return;
    }
    const letter = letterOf(event);
    if (!letter) return;
    buffer += letter;
    last = now;
    // After a few quick letters it is the scanner: keep Space and others from acting on the page.
    if (buffer.length > 3 && !isTyping(event.target)) event.preventDefault();
  }, true);
}
