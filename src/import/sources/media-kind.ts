import type { MediaKind } from "../kinds.js";

const KINDS: readonly [MediaKind, RegExp][] = [
  ["image", /^(?:jpe?g|png|gif|heic|heif|webp|avif|bmp|tiff?|svg|apng|dng)$/],
  ["video", /^(?:mp4|mov|m4v|3gp|3g2|mkv|webm|avi|mpe?g|qt)$/],
  ["voice", /^(?:caf|amr|m4a|aac|mp3|ogg|opus|wav|flac|silk)$/],
  ["contact-card", /^(?:vcf|vcard)$/],
];

/** What a file that was sent is, as the end of its name tells; `file` if it tells nothing. */
export function kindOfFile(name: string): MediaKind {
  const ending = /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? "";
  return KINDS.find(([, endings]) => endings.test(ending))?.[0] ?? "file";
}

/** What a file that was sent is, as its MIME type tells; as its name tells if that is none or too general. */
export function kindOfMime(type: string, name = ""): MediaKind {
  if (type.startsWith("image/")) return "image";
  if (type.startsWith("video/")) return "video";
  if (type.startsWith("audio/")) return "voice";
  if (/^text\/(?:x-)?vcard/.test(type)) return "contact-card";
  return kindOfFile(name);
}
