/** What decoders of the wrong character set leave: U+FFFD read as GBK, and memory that Windows never filled. */
const WRECKAGE = /锟斤拷|烫烫烫|屯屯屯/;

/** Above this share of unreadable characters a text is none. */
const UNREADABLE_SHARE = 0.1;

/** A run that no person types: a hash, a key, a piece of a file in Base64. */
const LONG_RUN = /[A-Za-z0-9+/_=-]{40,}/g;

/**
 * Whether a text is damaged or machine-made, so that it is nobody's words: wrongly decoded, full of unreadable
 * characters, or a key or hash. Laughter, repeated letters and typing errors are style, not gibberish.
 */
export function isGibberish(text: string): boolean {
  if (WRECKAGE.test(text)) return true;
  const unreadable = countUnreadable(text);
  if (unreadable > 0 && unreadable >= UNREADABLE_SHARE * text.length) return true;
  return isDoubleEncoded(text) || (text.match(LONG_RUN) ?? []).some(isKey);
}

/** Replacement, control and private-use characters; line breaks and tabs are none. */
function countUnreadable(text: string): number {
  let found = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    const control = (unit < 32 && unit !== 9 && unit !== 10 && unit !== 13) || (unit > 126 && unit < 160);
    if (control || unit === 0xfffd || (unit >= 0xe000 && unit <= 0xf8ff)) found += 1;
  }
  return found;
}

/** UTF-8 bytes read as Latin-1: `ä½\u00a0å¥½` for 你好. Real Latin-1 words are hardly ever valid UTF-8. */
function isDoubleEncoded(text: string): boolean {
  if (!/[\u0080-\u00FF]/.test(text) || /[\u0100-\uFFFF]/.test(text)) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(text, "latin1"));
    return true;
  } catch {
    return false;
  }
}

/** Letters of both cases and digits, or digits and nothing but hexadecimal letters; a long word has neither. */
function isKey(run: string): boolean {
  const digits = run.match(/\d/g)?.length ?? 0;
  if (digits === 0 || digits === run.length) return false;
  return /^[0-9a-f]+$|^[0-9A-F]+$/.test(run) || (/[a-z]/.test(run) && /[A-Z]/.test(run));
}
