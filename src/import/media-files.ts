import { extname } from "node:path";

/** What exports put beside chats: pictures, sound, films, other people's files; also in encrypted and thumbnail form. */
const MEDIA = new Set(
  (
    "jpg jpeg png gif webp heic heif bmp tif tiff svg ico avif dat pic thumb " +
    "mp4 mov 3gp avi mkv webm m4v mpg mpeg wmv flv " +
    "mp3 m4a aac ogg oga opus amr wav flac silk slk caf wma aud " +
    "pdf doc docx ppt pptx vcf apk ipa exe dmg rar 7z gz tar tgs lottie ttf otf woff woff2 css"
  )
    .split(" ")
    .map((ending) => `.${ending}`),
);

/** Whether a file's name says that it is something sent in a chat, or goes with a page, which nobody need open. */
export function isMedia(name: string): boolean {
  return MEDIA.has(extname(name).toLowerCase());
}

/** Counts files by ending, so that thousands of pictures are one line. */
export class MediaCount {
  #counts = new Map<string, number>();

  add(name: string): void {
    const ending = extname(name).slice(1).toLowerCase();
    this.#counts.set(ending, (this.#counts.get(ending) ?? 0) + 1);
  }

  /** Such as `1204 media files (1200 jpg, 4 opus)`; undefined if there were none. */
  describe(): string | undefined {
    const counts = [...this.#counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    if (counts.length === 0) return undefined;
    const total = counts.reduce((sum, [, count]) => sum + count, 0);
    const named = counts.map(([ending, count]) => `${count} ${ending}`).join(", ");
    return `${total} media ${total === 1 ? "file" : "files"} (${named})`;
  }
}
