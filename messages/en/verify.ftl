# sigu verify: proofs of outsiders

arg-tsa-root = Root certificate of a timestamp service you trust (PEM; repeatable)
arg-policy = Which witnesses you trust and how many are enough (a tlog-policy file)
arg-block-header = A Bitcoin block you looked up: its hash or header in hex, or a file that holds it (repeatable)
usage-tsa-root = { $path } holds no usable root certificates: { $why }
usage-tsa-root-advice = Give root certificates in PEM, at most 64 in all.
usage-policy = { $path } is not a witness policy: { $why }
usage-policy-advice = A policy is written as C2SP tlog-policy says: lines witness, group and quorum, the last one ended by a newline.
usage-block-header = { $value } is neither the hash nor the header of a block.
usage-block-header-advice = A hash has 64 hex digits; a header has 80 bytes, 160 hex digits.

verify-outside-proofs = What outsiders saw is the beginning of the log
verify-outside-claimed = Outside time: only what the package itself brings, a claim. Bring whom you trust with --tsa-root, --policy, --block-header.
verify-outside-shown = Outside time: shown by { $voices } outsiders you trust.

finding-stamp-unknown-log = outsiders saw a log that is not in the package
finding-stamp-incomplete = a folder of outside proofs is not whole
finding-stamp-checkpoint = what outsiders saw is not a checkpoint of this log at this size
finding-stamp-other-history = two checkpoints of one size differ: this key signed two histories
finding-stamp-consistency = what outsiders saw is not shown to be the beginning of the log
finding-too-many-proofs = too many outside proofs

stamp-seen = The first { $size } leaves of log { $log }, seen by outsiders:
stamp-untied = The first { $size } leaves of log { $log }: what is said to have been seen does not fit; times beside it do not count.
stamp-service-shown = { $service }: not after { $at }, signed by { $signer }, under a root you gave
stamp-service-claimed = { $service }: claims not after { $at }, signed by { $signer }; its root { $root } came with the package
stamp-service-refused = { $service }: does not count, { $why }
stamp-no-request = the request was not kept: an older answer would not be noticed
stamp-ots-refused = OpenTimestamps: the proof does not hold and does not count
stamp-block-shown = Bitcoin block { $height }: not after { $at }, block { $hash } is one you gave
stamp-block-claimed = Bitcoin block { $height }: claims not after { $at }; look up whether the hash of that block is { $hash }
stamp-block-no-header = Bitcoin block { $height }: no header here; look up whether the Merkle root of that block is { $root }
stamp-header-refused = the block header beside it is none, or of another block, and does not count
stamp-pending = OpenTimestamps: { $count } promises of calendars, not yet in Bitcoin; they show nothing
stamp-witness-shown = witness { $name } saw it at { $at }; the cosignature holds
stamp-witness-strangers = cosigned by { $names }: not checked, you gave no keys of theirs
stamp-witness-refused = the cosignatures are none, or one of a witness you trust does not hold: none counts
stamp-quorum = the witnesses are enough for your policy
stamp-rounds-refused = { $count } rounds of drand do not hold and do not count.

token-defect-malformed = its form is not known
token-defect-rejected = the service gave none
token-defect-request = the request beside it is none
token-defect-imprint = it is about something else
token-defect-nonce = it answers another request
token-defect-policy = it was issued under another policy than asked for
token-defect-signer-count = it has not exactly one signer
token-defect-attributes = a signed attribute is missing
token-defect-digest-algorithm = its digest is weak or unknown
token-defect-message-digest = what was signed is another time
token-defect-signer-missing = the signer's certificate is missing
token-defect-signing-certificate = another certificate signed than it says
token-defect-signature-algorithm = its signature algorithm is unknown or does not fit the key
token-defect-signature = the signature does not hold
token-defect-purpose = the certificate is not for timestamps alone
token-defect-key-usage = the certificate must not be used for signing
token-defect-path = the certificates led to no root at that time

bracket-not-before = not before { $at } (by { $by })
bracket-not-after = not after { $at } (by { $by })
bracket-contradiction = these contradict each other: somebody is wrong
voice-block = Bitcoin block { $height }
voice-witness = witness { $name }
voice-drand = drand round { $round }
voice-claim = { $by }, a claim
