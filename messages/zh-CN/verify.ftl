# sigu verify：外人的证明

arg-tsa-root = 你信任的时间戳根证书（PEM，可多次）
arg-policy = 你信任哪些见证人、要几位（tlog-policy 文件）
arg-block-header = 你查到的比特币区块：散列或区块头（十六进制），或存有它的文件（可多次）
usage-tsa-root = { $path } 不是可用的根证书：{ $why }
usage-tsa-root-advice = 给出 PEM 格式的根证书，合起来最多 64 张。
usage-policy = { $path } 不是见证规则：{ $why }
usage-policy-advice = 见证规则按 C2SP tlog-policy 写：witness、group、quorum 各一行，最后一行要换行。
usage-block-header = { $value } 既不是区块散列，也不是区块头。
usage-block-header-advice = 散列是 64 位十六进制数字，区块头是 80 字节（160 位十六进制数字）。

verify-outside-proofs = 外人见过的检查点是日志的开头
verify-outside-claimed = 外部时间：只有包里自带的说法。用 --tsa-root、--policy、--block-header 带上你自己信任的，才算数。
verify-outside-shown = 外部时间：有 { $voices } 方你信任的外人作证。

finding-stamp-unknown-log = 包里没有这本日志，却有外人见过它的证明
finding-stamp-incomplete = 外部证明的文件夹不全
finding-stamp-checkpoint = 外人见过的不是这本日志这么大时的检查点
finding-stamp-other-history = 同样大小的两个检查点不同：这把密钥签过两套历史
finding-stamp-consistency = 外人见过的检查点与包里的接不上
finding-too-many-proofs = 外部证明太多

stamp-seen = 日志 { $log } 的前 { $size } 条，外人见过：
stamp-untied = 日志 { $log } 的前 { $size } 条：与包里的日志接不上，旁边的时间不算数。
stamp-service-shown = { $service }：不晚于 { $at }，签名者 { $signer }，根证书是你给的
stamp-service-claimed = { $service }：自称不晚于 { $at }，签名者 { $signer }；根证书 { $root } 是包里自带的
stamp-service-refused = { $service }：不算数，{ $why }
stamp-no-request = 没有留下请求，看不出是不是旧回答
stamp-ots-refused = OpenTimestamps：证明不成立，不算数
stamp-block-shown = 比特币第 { $height } 块：不晚于 { $at }，区块 { $hash } 是你给的
stamp-block-claimed = 比特币第 { $height } 块：自称不晚于 { $at }；请查那一块的散列是不是 { $hash }
stamp-block-no-header = 比特币第 { $height } 块：没有区块头；请查那一块的 Merkle 根是不是 { $root }
stamp-header-refused = 旁边的区块头不成立，或不是这一块的，不算数
stamp-pending = OpenTimestamps：日历服务器的承诺 { $count } 个，还没有进入比特币，什么也证明不了
stamp-witness-shown = 见证人 { $name }：{ $at } 见过，见证签名成立
stamp-witness-strangers = { $names } 的见证签名：没有核对，你没有给他们的密钥
stamp-witness-refused = 见证签名无法识别，或有你信任的见证人的签名不成立，都不算数
stamp-quorum = 见证人达到你的见证规则所要的
stamp-rounds-refused = drand 的轮次有 { $count } 个不成立，不算数。

token-defect-malformed = 格式无法识别
token-defect-rejected = 服务没有给出时间戳
token-defect-request = 旁边的请求无法识别
token-defect-imprint = 说的是别的东西
token-defect-nonce = 回答的是另一次请求
token-defect-policy = 签发的规则与所请求的不同
token-defect-signer-count = 签名者不是恰好一个
token-defect-attributes = 缺少必有的签名属性
token-defect-digest-algorithm = 摘要算法太弱或不认识
token-defect-message-digest = 签的不是这个时间
token-defect-signer-missing = 没有签名者的证书
token-defect-signing-certificate = 不是它所说的那张证书签的
token-defect-signature-algorithm = 签名算法不认识，或与密钥不配
token-defect-signature = 签名不成立
token-defect-purpose = 证书不是专门签时间戳的
token-defect-key-usage = 证书不许用来签名
token-defect-path = 证书当时没有通到任何根

bracket-not-before = 不早于 { $at }（由 { $by }）
bracket-not-after = 不晚于 { $at }（由 { $by }）
bracket-contradiction = 前后矛盾，必有一方不对
voice-block = 比特币第 { $height } 块
voice-witness = 见证人 { $name }
voice-drand = drand 第 { $round } 轮
voice-claim = { $by }，自称
