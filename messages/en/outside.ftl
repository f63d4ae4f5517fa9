## Outside proofs: time and history by the word of others

outside-not-before = not before { $at } ({ $by })
outside-before-unknown = not before: nothing from outside
outside-not-after = not after { $at } ({ $by })
outside-not-after-more = not after { $at } ({ $by }, and { $others } more)
outside-after-unknown = not after: no outside proof yet, only this machine's clock
outside-by-service = timestamp service { $name }
outside-by-witness = witness { $name }
outside-by-block = Bitcoin block { $name }
outside-by-drand = drand round { $name }
outside-said-at = answered { $at }

outside-state-whole = Vouches for every entry ({ $said }).
outside-state-promised = Calendars promised to put it into a block and have not yet; until then it proves nothing.
outside-state-header = In a Bitcoin block whose header is not known here; until it is, it says no time.
outside-state-behind = Vouches for the first { $size } entries; it has not seen what came after.
outside-state-new = Never asked yet.
outside-state-off = Not asked.
outside-state-failed = No answer: { $why }. Next try { $next }.
outside-state-beacon = New entries name its latest round ({ $said }).
outside-headers = Headers wanted of Bitcoin blocks { $heights }.
outside-headers-more = Headers wanted of Bitcoin blocks { $heights } and { $more } before.

outside-why-address = the address is wrong; asking again does not help
outside-why-unreachable = cannot be reached
outside-why-slow = took too long
outside-why-cut = the answer broke off
outside-why-large = the answer is too long to be one
outside-why-untrusted = its web certificate is not trusted
outside-why-status = it reports error { $detail }
outside-why-roots = there is no usable root certificate; asking again does not help
outside-why-refused = it refused ({ $detail })
outside-why-foreign = the answer is about something else and was not used
outside-why-replayed = the answer looks like an old one and was not used
outside-why-chain = its certificate leads to no root you trust ({ $detail })
outside-why-token = the answer does not verify ({ $detail })
outside-why-calendar = the calendar's answer cannot be read
outside-why-beacon = the round's signature does not hold
outside-why-witness = the witness answered outside the protocol
outside-why-unknown-log = the witness does not know this log yet: give it the log's public key

outside-chain-unknown-issuer = no pinned root issued it
outside-chain-expired = a certificate had expired
outside-chain-not-yet-valid = a certificate was not valid yet
outside-chain-root-not-valid = the root was not valid then
outside-chain-purpose = a certificate on the way may not issue this one
outside-chain-signature = a signature on the way does not hold
outside-chain-rule = a certificate on the way breaks a rule

outside-clock-behind = By the clock of { $who } this machine is about { $seconds } s behind. Set its time.
outside-clock-ahead = By the clock of { $who } this machine is about { $seconds } s ahead. Set its time.

outside-kind-timestamp = Timestamp service
outside-kind-calendars = OpenTimestamps calendars
outside-kind-witness = Witness
outside-kind-beacon = Public randomness

outside-voices-none = No outsider vouches for the first { $size } entries yet.
outside-voices-one = One outsider vouches for the first { $size } entries.
outside-voices = { $voices } independent outsiders vouch for the first { $size } entries.
outside-no-witness = No witness: nobody else can rule out a second history.
outside-quorum-met = There are enough witnesses.
outside-quorum-unmet = There are not enough witnesses yet.
outside-alarm-more = Witness { $witness } saw { $size } entries of log { $log }, more than were ever signed here: this is an older copy that was put back. Since { $at } nothing is signed.
outside-alarm-another = Witness { $witness } saw another history of log { $log }. Since { $at } nothing is signed.
outside-alarm-advice = Back up the whole vault first. If you find a newer copy, use it; if not, go on in a new log with sigu restore --adopt. The old log stays verifiable.

## sigu stamp

stamp-kept = Received: { $who } (entry { $item })
stamp-round = Public randomness: drand round { $round }
stamp-failed = No answer: { $who }, { $why }
stamp-nothing = Nothing to ask: everybody has seen it, or it is too early to ask again.
stamp-off = Nobody is asked automatically now. To change that: sigu services --automatic yes
stamp-header-kept = Block header taken: block { $height }, entry { $item }. Compare the block hash { $hash } with two sources that do not know each other.
refused-no-promise = No OpenTimestamps proof waits for this block header.
refused-no-promise-advice = Run sigu stamp until the proof is in a block, then look up the header of the height that sigu stamp --list shows.
refused-block-header = This is not a block header of 80 bytes (160 hex digits).
refused-block-header-advice = Copy the block header of that height from a block explorer.

## sigu services

services-own = Asked as you set it.
services-default = Asked as it comes with the program: public services that cost nothing, not each tried from here.
services-on = They are asked automatically.
services-off = They are not asked automatically; sigu stamp still asks.
services-set = From now on as in { $path }.
services-reset = From now on as it comes with the program.
refused-services = The settings are wrong: { $where }{ $why }
refused-services-advice = Mend the file and try again; sigu services shows the present settings, docs/formats/outsiders.md explains them.
services-rule-too-large = larger than 256 KiB
services-rule-not-toml = line { $line } is not TOML
services-rule-version = is not version 1
services-rule-missing = is missing
services-rule-unknown = is not known here
services-rule-kind = is of the wrong kind
services-rule-text = is not 1 to { $most } characters on one line
services-rule-name = is not 1 to 32 of a-z, 0-9 and -, beginning with a letter
services-rule-twice = stands in an entry before
services-rule-address = is not an address of http or https without user, query or slash at the end
services-rule-root = is neither a root that comes with the program nor certificates in PEM
services-rule-number = is not a whole number from 0 to { $most }
services-rule-imprint = is not sha256 or sm3
services-rule-key = is not the key of a witness
services-rule-policy = cannot be read as a witness policy
services-rule-too-many = more than { $most } entries
refused-services-later = A later version of the program set who is asked.
refused-services-later-advice = Use that version, or go back to the built-in list with sigu services --reset.
fault-net-setup = The net cannot be used: { $why }
fault-net-setup-advice = Look at the system's network and certificate settings.
refused-offline = No network is used now.
refused-offline-advice = Open it again without --offline, then ask.

## sigu publish

publish-done = Published to { $to }: { $size } entries of the log ({ $before } were there), { $made } new files.{"\u000A"}Others check it with this key: { $vkey }
publish-why-setting = { $name } is not a setting of a bucket
publish-why-ahead = { $size } entries are there already, more than were signed here: this log was put back
publish-why-fork = another history of { $size } entries is there
publish-why-foreign = it is signed by another key
publish-why-differs = { $path } is there with other bytes
usage-publish-address = This is no place to publish to: { $to }
usage-publish-address-advice = Name a folder, or s3://bucket/prefix.
usage-publish-setting = The bucket's settings are wrong: { $why }
usage-publish-setting-advice = Look at AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT_URL.
refused-published-otherwise = What is published at { $to } differs: { $why }
refused-published-otherwise-advice = Nothing is signed any more. Back up the whole vault first; use a newer copy if you find one, else go on in a new log with sigu restore --adopt.
refused-published-foreign = What is at { $to } is not this log: { $why }
refused-published-foreign-advice = Choose an empty place.
fault-publish = Could not publish to { $to }: { $why }
fault-publish-advice = What was published before is unchanged. Look at the disk or the network and try again.

## sigu checker

checker-written = The page was written to { $path }.
checker-digest = SHA-256 of the page: { $digest }{"\u000A"}Tell it by another way, together with the fingerprint of the log's key.
house-checker = SHA-256 of the checking page
usage-unwritable = Cannot write { $path }: { $why }
usage-unwritable-advice = Choose a file name that does not exist yet.
