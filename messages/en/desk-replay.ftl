# The page as it was: a captured page, looked at again in a closed frame.

replay-open = See the page as it was
replay-open-why = Offline, without scripts
replay-title = The page as it was
replay-from = Address
replay-at = Captured
replay-how = The frame holds only what was captured then: scripts do not run, nothing is loaded from the net, buttons and forms do nothing. Pictures and links that were not captured do not open.
replay-frame = The captured page
replay-not-proof = This view is for convenience; animations and overlays of the page may look different. The evidence is the web archive itself and the picture of the whole page.
replay-covered = This page shows a card secret and was not opened yet.
replay-covered-why = Opening it shows the whole secret: make sure that nobody looks on and that no screen is being recorded or shared.
replay-reveal = Open the page
replay-cover = Cover it again
replay-large = The web archive is too large to be opened here.
replay-large-why = Look at the picture of the whole page, or go to the web archive and take it out as it says there.
replay-broken = The web archive cannot be read, so it does not open here.
replay-broken-why = Look at the picture of the whole page, or save the web archive and open it with another program.
replay-picture = Picture of the whole page
replay-archive = Web archive
replay-gaps = What could not be had then
replay-none = This page was not captured
replay-none-why = Only the page that was open then was captured, with what it loaded. Pages it links to have to be captured on their own.
replay-none-back = Back to the captured page
