// Papers and marked copies in the package: what each rests on or was made of, as the log says.
import { compareIds, type ItemId, parseId } from "../item-id.ts";
import type { FieldValue } from "../log/disclosure.ts";
import type { ContentState, CopyReport, ItemReport, PaperReport } from "../report.ts";

const idOf = (value: FieldValue | undefined): ItemId | undefined =>
  typeof value === "string" ? parseId(value) : undefined;

function stateOf(items: ItemReport[], at: ItemId): ContentState["is"] | undefined {
  return items.find((one) => compareIds(one.position, at) === 0)?.content.is;
}

/** A paper that no longer holds is no defect of the package: what it rested on was erased, which the log says openly. */
export function findPapers(items: ItemReport[]): PaperReport[] {
  return items
    .filter((item) => item.kind === "document.made")
    .flatMap((made) => {
      const [paper, listed] = [idOf(made.fields.get("item")), made.fields.get("document.rests_on")];
      if (!paper || !Array.isArray(listed)) return [];
      const restsOn = listed.map(parseId).filter((at) => at !== undefined);
      const where = (...states: (ContentState["is"] | undefined)[]): ItemId[] =>
        restsOn.filter((at) => states.includes(stateOf(items, at)));
      return [
        {
          paper,
          made: made.position,
          restsOn,
          erased: where("erased"),
          absent: where(undefined, "missing", "differs"),
        },
      ];
    });
}

/** That a copy was made of its original is the sender's word; who has both can compare them. */
export function findCopies(items: ItemReport[]): CopyReport[] {
  return items
    .filter((item) => item.kind === "copy.made")
    .flatMap((made) => {
      const [copy, of] = [idOf(made.fields.get("item")), idOf(made.fields.get("copy.of"))];
      return copy && of
        ? [{ copy, made: made.position, of, covers: made.fields.get("copy.covers") === true }]
        : [];
    });
}
