// The first reason why a ZIP is not one of the format.
import type { FindingCode } from "../finding.ts";

export class ContainerDefect extends Error {
  constructor(
    readonly code: FindingCode,
    readonly path?: string,
  ) {
    super(code);
  }
}
