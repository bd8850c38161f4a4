import type { ChatFile } from "../sources/source.js";

/** A part's head is a few lines; what goes on longer is none. */
const MAX_HEAD_BYTES = 64 * 1024;
const HEAD_END = /\r?\n\r?\n/;

/**
 * The first part of a MIME file that has a content type, as if it were a file of its own; empty if there is none.
 *
 * Bytes pass through: what stands before the part is dropped piece by piece, what stands behind it is not even read,
 * so that the pictures of a chat never have to fit into memory.
 *
 * @param type such as `text/html`
 * @source RFC 2045 (transfer encodings), RFC 2046 section 5.1 (multipart)
 */
export function mimePart(file: ChatFile, type: string): ChatFile {
  return { ...file, open: () => partBytes(file, type) };
}

async function* partBytes(file: ChatFile, type: string): AsyncIterable<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  let boundary: Buffer | undefined;
  let state: "head" | "skip" | "body" = "head";
  let decode = decoder("");
  for await (const piece of file.open()) {
    rest = rest.length === 0 ? Buffer.from(piece) : Buffer.concat([rest, piece]);
    for (;;) {
      if (state === "head") {
        const head = rest.toString("latin1", 0, MAX_HEAD_BYTES);
        const end = HEAD_END.exec(head);
        if (!end && head.length < MAX_HEAD_BYTES) break;
        if (!end) return;
        rest = rest.subarray(end.index + end[0].length);
        const fields = headFields(head.slice(0, end.index));
        const wanted = fields.type.startsWith(type);
        boundary ??=
          fields.boundary === undefined ? undefined : Buffer.from(`\n--${fields.boundary}`, "latin1");
        decode = decoder(fields.encoding);
        state = wanted ? "body" : "skip";
        // What follows the head of a multipart at once may be its first boundary.
        if (!wanted && fields.boundary !== undefined) rest = Buffer.concat([Buffer.from("\n"), rest]);
      }
      const at = boundary ? rest.indexOf(boundary) : -1;
      if (at === -1) {
        // A boundary may be torn apart by the end of the piece.
        const keep = Math.min(rest.length, boundary ? boundary.length + 1 : 0);
        if (state === "body") yield decode(rest.subarray(0, rest.length - keep), false);
        rest = rest.subarray(rest.length - keep);
        break;
      }
      if (state === "body") {
        const end = at > 0 && rest[at - 1] === 0x0d ? at - 1 : at;
        yield decode(rest.subarray(0, end), true);
        return;
      }
      // The line of the boundary ends where the next part's head begins.
      const line = rest.indexOf("\n", at + boundary!.length);
      if (line === -1) break;
      rest = rest.subarray(line + 1);
      state = "head";
    }
  }
  if (state === "body") yield decode(rest, true);
}

function headFields(head: string): { type: string; boundary: string | undefined; encoding: string } {
  const unfolded = head.replace(/\r?\n[ \t]+/g, " ");
  const type = /^content-type:\s*([^\s;]+)/im.exec(unfolded)?.[1]?.toLowerCase() ?? "";
  const encoding = /^content-transfer-encoding:\s*(\S+)/im.exec(unfolded)?.[1]?.toLowerCase() ?? "";
  const boundary = type.startsWith("multipart/")
    ? /\bboundary=(?:"([^"]+)"|([^\s;]+))/i
        .exec(unfolded)
        ?.slice(1)
        .find((one) => one !== undefined)
    : undefined;
  return { type, boundary, encoding };
}

type Decode = (bytes: Buffer, last: boolean) => Uint8Array;

/** Takes a transfer encoding away, piece by piece. */
function decoder(encoding: string): Decode {
  let rest = "";
  if (encoding === "base64") {
    return (bytes, last) => {
      const text = rest + bytes.toString("latin1").replace(/[^A-Za-z0-9+/]/g, "");
      const end = last ? text.length : text.length - (text.length % 4);
      rest = text.slice(end);
      return Buffer.from(text.slice(0, end), "base64");
    };
  }
  if (encoding === "quoted-printable") {
    return (bytes, last) => {
      const text = rest + bytes.toString("latin1");
      const cut = last ? -1 : text.indexOf("=", Math.max(0, text.length - 3));
      rest = cut === -1 ? "" : text.slice(cut);
      const whole = (cut === -1 ? text : text.slice(0, cut)).replace(/=[ \t]*\r?\n/g, "");
      const plain = whole.replace(/=([\dA-Fa-f]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      );
      return Buffer.from(plain, "latin1");
    };
  }
  return (bytes) => bytes;
}
