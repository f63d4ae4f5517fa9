cmd-doc = Make a paper and fix it: letter, appeal, catalogue of evidence, complaint forms; list shows those made and whether they still hold.
arg-paper = which paper; list for those made
arg-of-order = the order
arg-format = the format; txt is the text to paste
arg-paper-out = the file to write (default: in this folder, named by kind and order)
arg-paper-due = when an answer is asked for (letter)
doc-made = { $path } is made, and fixed as { $item }.
doc-holds = still holds
doc-holds-no-more = no longer holds: it rests on { $items }, which was erased
doc-none = No papers yet. Make one with sigu doc catalogue --order ORDER.
refused-paper = Missing:
    { $missing }
refused-paper-advice = Fill these in and run the command again; nothing was written.
fault-paper = The paper could not be made: { $why }. The evidence is untouched.
fault-paper-advice = Run it again; if it fails again, use --format md and report the message above.
verify-paper-holds = ✓ Paper { $item }: all { $count } items it rests on are here
verify-paper-erased = ✗ Paper { $item } no longer holds: it rests on { $items }, which was erased
verify-paper-absent = – Paper { $item }: { $items } it rests on is not in the package; nothing can be said
