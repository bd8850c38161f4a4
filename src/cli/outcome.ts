import { formatComparison } from "../compare/format-comparison.js";
import type { Comparison } from "../compare/comparison.js";
import { readJson } from "../files.js";
import { artifactPath } from "../project/paths.js";
import { projectName } from "../project/project-name.js";
import type { ShowResult } from "./stage-command.js";

/** The end of the road: the comparison as a table, where everything lies, and what to do next. */
export const showOutcome: ShowResult = async (project, results, io) => {
  // Written by ourselves a moment ago, so its shape is known.
  const comparison = (await readJson(artifactPath(project, "comparison"), "compare")) as Comparison;
  const text = [
    formatComparison(comparison, process.stdout.columns),
    `report   ${artifactPath(project, "comparisonPage")}`,
    `project  ${project}`,
    `chat     npx kouwen chat --project ${projectName(project)}`,
  ];
  const stages = results.map(({ stage, done, seconds }) => ({ stage, done, seconds }));
  io.result({ project, stages, comparison }, text.join("\n"));
};
