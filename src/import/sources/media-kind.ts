import type { MediaKind } from "../kinds.js";

const BY_ENDING: Record<string, MediaKind> = {
  ...endings("image", "jpg jpeg png heic heif bmp tif tiff avif"),
  ...endings("video", "mp4 mov 3gp mkv webm avi m4v"),
  ...endings("voice", "opus ogg oga amr"),
  ...endings("music", "mp3 m4a aac wav flac"),
  ...endings("sticker", "webp gif tgs"),
  ...endings("contact-card", "vcf"),
};

/** What a file that was sent is, by its name's ending; a file if that says nothing. */
export function mediaKindOf(fileName: string): MediaKind {
  const ending = /\.(\w{2,5})$/.exec(fileName)?.[1]?.toLowerCase() ?? "";
  return BY_ENDING[ending] ?? "file";
}

/** The same by a type such as `image/jpeg`. */
export function mediaKindOfMime(type: string): MediaKind {
  if (/^image\/(?:gif|webp)\b/.test(type)) return "sticker";
  if (type.startsWith("image/")) return "image";
  if (type.startsWith("video/")) return "video";
  return type.startsWith("audio/") ? "voice" : "file";
}

function endings(kind: MediaKind, list: string): Record<string, MediaKind> {
  return Object.fromEntries(list.split(" ").map((ending) => [ending, kind]));
}
