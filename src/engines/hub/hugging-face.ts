import { downloadFile, listFiles } from "@huggingface/hub";
import { z } from "zod";
import type { ModelFile } from "./model-files.js";
import type { Remote } from "./remote.js";
import { HubRefused, SourceFailed } from "./source-failed.js";

const ModelInfo = z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) });

/** A model at Hugging Face or a hub that speaks as it does, in its newest state. */
export async function huggingFaceRemote(id: string, hubUrl: string, request: typeof fetch): Promise<Remote> {
  const commit = await newestCommit(id, hubUrl, request);
  const remote = { repo: { type: "model", name: id } as const, hubUrl, revision: commit, fetch: request };
  return {
    commit,
    list: async () => {
      const files: ModelFile[] = [];
      for await (const { type, path, size, oid, lfs } of listFiles(remote)) {
        if (type === "file")
          files.push({ path, sizeBytes: lfs?.size ?? size, digest: digestOf(oid, lfs?.oid) });
      }
      return files;
    },
    open: async ({ path }, from) => {
      const blob = await downloadFile({ ...remote, path, xet: false });
      if (!blob) throw new SourceFailed(`lists ${path} but does not give it`);
      const rest = from === 0 ? blob : blob.slice(from);
      return { sizeBytes: blob.size, stream: rest.stream() as ReadableStream<Uint8Array> };
    },
  };
}

/** One commit for all files, so that none is of a state that came in between. */
async function newestCommit(id: string, hubUrl: string, request: typeof fetch): Promise<string> {
  const answer = await request(`${hubUrl}/api/models/${id}/revision/main`);
  if (!answer.ok) {
    await answer.body?.cancel();
    throw new HubRefused(answer.status);
  }
  const info = ModelInfo.safeParse(await answer.json().catch(() => undefined));
  if (!info.success) throw new SourceFailed("gave an unusable answer");
  return info.data.sha;
}

/** Large files are known by the hash of their content, small ones by that of their git object. */
function digestOf(oid: string | undefined, lfsOid: string | undefined): ModelFile["digest"] {
  if (lfsOid !== undefined && /^[0-9a-f]{64}$/.test(lfsOid)) return { kind: "sha256", hex: lfsOid };
  if (lfsOid === undefined && oid !== undefined && /^[0-9a-f]{40}$/.test(oid))
    return { kind: "git-sha1", hex: oid };
  return undefined;
}
