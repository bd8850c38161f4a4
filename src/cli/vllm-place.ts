import { join } from "node:path";
import { MalformedInput } from "../errors.js";
import { writeAtomic } from "../files.js";
import { readAdapterConfig } from "../formats/peft/open-adapter.js";
import { readCodec } from "../formats/template/codec.js";
import { artifactPath } from "../project/paths.js";
import type { Run } from "../progress.js";
import { readProject } from "../project/project-file.js";
import type { VllmPlace } from "../serve/client-config.js";
import { baseResolver } from "./engines.js";

const STAGE = "serve";

/**
 * What vLLM needs to serve a project: the folders, and our chat template, which is written into the project, since the
 * merged folder has the base's own.
 *
 * @throws {MalformedInput} no project was named
 */
export async function vllmPlace(project: string | undefined, run: Run): Promise<VllmPlace> {
  if (project === undefined) {
    throw new MalformedInput(
      `${STAGE} --print-config vllm: it serves one project. Say which with --project.`,
      {
        stage: STAGE,
      },
    );
  }
  const model = artifactPath(project, "model");
  const { template } = await readCodec(model, STAGE);
  const chatTemplate = join(project, "chat-template.jinja");
  await writeAtomic(chatTemplate, STAGE, (sink) => sink.write(template.jinja));
  const adapter = artifactPath(project, "adapter");
  const { rank, dora } = await readAdapterConfig(adapter, STAGE);
  const base = await baseResolver()((await readProject(project)).base, run);
  return { model, base, adapter: dora ? null : { folder: adapter, rank }, chatTemplate };
}
