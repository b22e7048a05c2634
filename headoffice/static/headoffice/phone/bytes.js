// Bytes as the club's codes carry them. The forms are those of station/member_pass.py.
"use strict";

const Bytes = {
  letters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",

  // RFC 4648 base 32, without padding.
  base32(bytes) {
    let text = "", held = 0, bits = 0;
    for (const byte of bytes) {
      held = (held << 8) | byte;
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text += Bytes.letters[(held >>> bits) & 31];
        held &= (1 << bits) - 1;
      }
    }
    return bits ? text + Bytes.letters[(held << (5 - bits)) & 31] : text;
  },

  toBase64: (bytes) => btoa(String.fromCharCode(...bytes)),

  fromBase64: (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)),

  // A whole number, the highest byte first.
  number(value, length) {
    const bytes = new Uint8Array(length);
    for (let place = length - 1; place >= 0; place--) {
      bytes[place] = value % 256;
      value = Math.floor(value / 256);
    }
    return bytes;
  },

  join(...parts) {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let place = 0;
    for (const part of parts) {
      whole.set(part, place);
      place += part.length;
    }
    return whole;
  },

  // ASCII, ended by a zero byte: what every signature begins with.
  label: (text) => Uint8Array.from(text + "\0", (letter) => letter.charCodeAt(0)),
};
