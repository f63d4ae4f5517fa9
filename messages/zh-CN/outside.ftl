## 外部证明：别人说的时间，别人看见的历史

outside-not-before = 不早于 { $at }（{ $by }）
outside-before-unknown = 不早于：没有外部依据
outside-not-after = 不晚于 { $at }（{ $by }）
outside-not-after-more = 不晚于 { $at }（{ $by }，另有 { $others } 方）
outside-after-unknown = 不晚于：还没有外部证明，只有本机时钟
outside-by-service = 时间戳服务 { $name }
outside-by-witness = 见证人 { $name }
outside-by-block = 比特币第 { $name } 块
outside-by-drand = drand 第 { $name } 轮
outside-said-at = { $at } 答复

outside-state-whole = 已证明全部记录（{ $said }）。
outside-state-promised = 日历已答应写进区块，还没有写进去；在此之前什么都不证明。
outside-state-header = 已写进比特币区块，还缺区块头，暂时说不出时间。
outside-state-behind = 已证明前 { $size } 条；之后的还没有给它看。
outside-state-new = 还没有问过。
outside-state-off = 已停用。
outside-state-failed = 没有拿到：{ $why }。{ $next } 再试。
outside-state-beacon = 新记录引用它最近的一轮（{ $said }）。
outside-headers = 缺比特币区块头，高度 { $heights }。
outside-headers-more = 缺比特币区块头，高度 { $heights }，更早的还有 { $more } 个。

outside-why-address = 地址不对，改了才有用
outside-why-unreachable = 连不上
outside-why-slow = 等太久没有答复
outside-why-cut = 答复断在中间
outside-why-large = 答复太长，不像是答复
outside-why-untrusted = 对方的网站证书不可信
outside-why-status = 对方报错 { $detail }
outside-why-roots = 没有可用的根证书，改了才有用
outside-why-refused = 对方拒绝（{ $detail }）
outside-why-foreign = 答复针对的是别的内容，没有采用
outside-why-replayed = 答复像是旧的，没有采用
outside-why-chain = 证书连不到你信任的根（{ $detail }）
outside-why-token = 答复验不过（{ $detail }）
outside-why-calendar = 日历的答复读不懂
outside-why-beacon = 这一轮的签名不对
outside-why-witness = 见证人的答复不合规矩
outside-why-unknown-log = 见证人还不认识这个日志：把日志公钥给对方登记

outside-chain-unknown-issuer = 找不到签发它的根
outside-chain-expired = 有证书已过期
outside-chain-not-yet-valid = 有证书还没生效
outside-chain-root-not-valid = 根证书当时无效
outside-chain-purpose = 中间证书无权签发
outside-chain-signature = 中间有签名不成立
outside-chain-rule = 中间证书不合规矩

outside-clock-behind = 按 { $who } 的时钟，本机慢了约 { $seconds } 秒。请校准本机时间。
outside-clock-ahead = 按 { $who } 的时钟，本机快了约 { $seconds } 秒。请校准本机时间。

outside-kind-timestamp = 时间戳服务
outside-kind-calendars = OpenTimestamps 日历
outside-kind-witness = 见证人
outside-kind-beacon = 公开随机数

outside-voices-none = 前 { $size } 条记录还没有外部证明。
outside-voices-one = 前 { $size } 条记录有一方外部证明。
outside-voices = 前 { $size } 条记录有 { $voices } 方互不相干的外部证明。
outside-no-witness = 没有见证人：别人无法排除有第二份历史。
outside-quorum-met = 见证人已够数。
outside-quorum-unmet = 见证人还不够数。
outside-alarm-more = 见证人 { $witness } 见过日志 { $log } 的 { $size } 条记录，比这里签过的还多：这里是放回来的旧副本。{ $at } 起不再签署。
outside-alarm-another = 见证人 { $witness } 见过日志 { $log } 的另一份历史。{ $at } 起不再签署。
outside-alarm-advice = 先备份整个保险库。找得到更新的副本，就用它；找不到，用 sigu restore --adopt 另起日志，旧日志仍可核验。

## sigu stamp

stamp-kept = 收到：{ $who }（记录 { $item }）
stamp-round = 公开随机数：drand 第 { $round } 轮
stamp-failed = 没有拿到：{ $who }，{ $why }
stamp-nothing = 没有要问的：该看的都看过了，或还没到再问的时候。
stamp-off = 现在不会自动询问。要自动询问：sigu services --automatic yes
stamp-header-kept = 已收下区块头：第 { $height } 块，记录 { $item }。请用两个互不相干的来源核对区块哈希 { $hash }。
refused-no-promise = 没有等着这个区块头的 OpenTimestamps 证明。
refused-no-promise-advice = 先用 sigu stamp 等证明写进区块，再按 sigu stamp --list 里的高度找区块头。
refused-block-header = 这不是 80 字节的区块头（160 个十六进制字符）。
refused-block-header-advice = 从区块浏览器复制该高度的 “block header”。

## sigu services

services-own = 按你的设置询问。
services-default = 按程序自带的设置询问，都是公开免费的服务，此处未逐一试过。
services-on = 会自动询问。
services-off = 不会自动询问；sigu stamp 仍可手动询问。
services-set = 已改用 { $path } 里的设置。
services-reset = 已改回程序自带的设置。
refused-services = 设置有误：{ $where }{ $why }
refused-services-advice = 改好文件再来；sigu services 可看现在的设置，docs/formats/outsiders.md 有说明。
services-rule-too-large = 超过 256 KiB
services-rule-not-toml = 第 { $line } 行不是 TOML
services-rule-version = 不是版本 1
services-rule-missing = 没有填
services-rule-unknown = 不认识
services-rule-kind = 类型不对
services-rule-text = 要 1 到 { $most } 个字，在一行里
services-rule-name = 只能用小写字母、数字和 -，字母开头，最多 32 个
services-rule-twice = 前面已经有了
services-rule-address = 要是 http 或 https 网址，不带账号、参数，末尾不带斜杠
services-rule-root = 既不是程序自带的根，也不是 PEM 证书
services-rule-number = 要是 0 到 { $most } 的整数
services-rule-imprint = 只能是 sha256 或 sm3
services-rule-key = 不是见证人的公钥
services-rule-policy = 见证规则读不懂
services-rule-too-many = 超过 { $most } 条
refused-services-later = 问谁的设置是更新版本的程序写的。
refused-services-later-advice = 用更新的版本打开，或用 sigu services --reset 改回程序自带的设置。
fault-net-setup = 无法联网：{ $why }
fault-net-setup-advice = 检查系统的网络与证书设置。
refused-offline = 现在不联网。
refused-offline-advice = 不带 --offline 重新打开，再来问。

## sigu publish

publish-done = 已发布到 { $to }：日志 { $size } 条（原有 { $before } 条），新写 { $made } 个文件。{"\u000A"}别人用这个公钥核对：{ $vkey }
publish-why-setting = 没有 { $name } 这项设置
publish-why-ahead = 那里已有 { $size } 条，比这里签过的还多，这里是放回来的旧副本
publish-why-fork = 那里有另一份 { $size } 条的历史
publish-why-foreign = 签名的是另一把密钥
publish-why-differs = { $path } 在那里是别的内容
usage-publish-address = 发布的位置不对：{ $to }
usage-publish-address-advice = 写一个文件夹，或 s3://桶/前缀。
usage-publish-setting = 存储桶的设置不对：{ $why }
usage-publish-setting-advice = 检查环境变量 AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY、AWS_REGION、AWS_ENDPOINT_URL。
refused-published-otherwise = { $to } 上已发布的与这里不同：{ $why }
refused-published-otherwise-advice = 已停止签署。先备份整个保险库；找得到更新的副本就用它，找不到就用 sigu restore --adopt 另起日志。
refused-published-foreign = { $to } 上的不是这份日志：{ $why }
refused-published-foreign-advice = 换一个空的位置。
fault-publish = 没能发布到 { $to }：{ $why }
fault-publish-advice = 原来发布的没有变。检查磁盘或网络后再试。

## sigu checker

checker-written = 核验页已写到 { $path }。
checker-digest = 核验页 SHA-256：{ $digest }{"\u000A"}把它和日志密钥指纹一起，用另一条途径告诉对方。
house-checker = 核验页 SHA-256
usage-unwritable = 写不了 { $path }：{ $why }
usage-unwritable-advice = 换一个还不存在的文件名。
