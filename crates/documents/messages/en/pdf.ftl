# Words of the page itself. {page} and the like are put in by the template.
pdf-page = Page {"{page}"} of {"{total}"}
pdf-as-of = As of {"{at}"} (UTC+8)
pdf-exhibit = Exhibit {"{no}"}
pdf-footnote = {"{exhibit}"} {"{name}"}, page {"{page}"}
pdf-continued = Part {"{piece}"} of {"{pieces}"}
pdf-overlap = Continued; the upper 5 mm repeat the part before
pdf-rare = Characters no font here has are written as codes: {"{signs}"}.
pdf-manifest = The evidence this paper rests on
pdf-guide = Before you hand it in (for you alone; take this page out)
pdf-added = added
pdf-removed = removed
pdf-plot-unit = {" "}({"{unit}"})
