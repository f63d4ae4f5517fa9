cmd-doc = 生成文书并固定：沟通函、申诉书、证据目录、各种投诉登记；list 列出已生成的和是否仍然成立。
arg-paper = 哪种文书；list 为列出
arg-of-order = 订单
arg-format = 格式；txt 为可直接粘贴的文字
arg-paper-out = 写到哪个文件（默认当前文件夹，以种类和订单命名）
arg-paper-due = 请对方答复的时间（沟通函）
doc-made = 已生成 { $path }，并固定为 { $item }。
doc-holds = 仍然成立
doc-holds-no-more = 不再成立：所依据的 { $items } 已删除
doc-none = 还没有文书。用 sigu doc catalogue --order 订单 生成一份。
refused-paper = 缺少：
    { $missing }
refused-paper-advice = 补上后再运行一次；这次没有写出任何文件。
fault-paper = 文书未能生成：{ $why }。证据没有受影响。
fault-paper-advice = 再试一次；仍不行时可先用 --format md，并反馈上面的提示。
verify-paper-holds = ✓ 文书 { $item }：所依据的 { $count } 项都在
verify-paper-erased = ✗ 文书 { $item } 不再成立：所依据的 { $items } 已删除
verify-paper-absent = – 文书 { $item }：所依据的 { $items } 不在包内，无从判断
