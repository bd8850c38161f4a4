import { z } from "zod";
import type { Remote } from "./remote.js";
import { HubRefused, SourceFailed } from "./source-failed.js";

/** What of its listing we read. */
const Listing = z.object({
  Data: z.object({
    Files: z.array(
      z.object({
        Path: z.string(),
        Size: z.number().int().nonnegative(),
        Type: z.string(),
        Sha256: z.string().optional(),
      }),
    ),
  }),
});

/** A model at ModelScope, at the newest state of its branch `master`. */
export function modelscopeRemote(id: string, hubUrl: string, request: typeof fetch): Remote {
  const repo = `${hubUrl}/api/v1/models/${id}/repo`;
  return {
    list: async () => {
      const answer = await request(`${repo}/files?Revision=master&Recursive=true`);
      if (!answer.ok) throw await refusal(answer);
      const listing = Listing.safeParse(await answer.json().catch(() => undefined));
      if (!listing.success) throw new SourceFailed("gave an unusable answer");
      return listing.data.Data.Files.filter(({ Type }) => Type === "blob").map(({ Path, Size, Sha256 }) => ({
        path: Path,
        sizeBytes: Size,
        digest:
          Sha256 && /^[0-9a-f]{64}$/.test(Sha256) ? { kind: "sha256" as const, hex: Sha256 } : undefined,
      }));
    },
    open: async ({ path, sizeBytes }, from) => {
      const address = `${repo}?Revision=master&FilePath=${encodeURIComponent(path)}`;
      const answer = await request(address, from === 0 ? {} : { headers: { range: `bytes=${from}-` } });
      if (!answer.ok || !answer.body) throw await refusal(answer);
      const stream = answer.body;
      if (answer.status === 206) {
        const [, first, whole] =
          /^bytes (\d+)-\d+\/(\d+)$/.exec(answer.headers.get("content-range") ?? "") ?? [];
        if (Number(first) === from) return { sizeBytes: Number(whole), stream };
      } else if (from === 0) {
        // Compressed on the way, the length is not the file's.
        const length = answer.headers.get("content-encoding") ? null : answer.headers.get("content-length");
        return { sizeBytes: length === null ? sizeBytes : Number(length), stream };
      }
      await stream.cancel();
      throw new SourceFailed(`does not go on in the middle of ${path}`);
    },
  };
}

async function refusal(answer: Response): Promise<HubRefused> {
  await answer.body?.cancel();
  return new HubRefused(answer.status);
}
