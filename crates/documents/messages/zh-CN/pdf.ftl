# Words of the page itself. {page} and the like are put in by the template.
pdf-page = 第 {"{page}"} 页 共 {"{total}"} 页
pdf-as-of = 内容截至 {"{at}"}（北京时间）
pdf-exhibit = 证据{"{no}"}
pdf-footnote = {"{exhibit}"} {"{name}"}，见第 {"{page}"} 页
pdf-continued = 第 {"{piece}"} 段 共 {"{pieces}"} 段
pdf-overlap = 接上段，上缘与上段重叠 5 毫米
pdf-rare = 字体没有的字以编码写出：{"{signs}"}。
pdf-manifest = 本文件所依据的证据清单
pdf-guide = 提交说明（给您自己看，提交时去掉本页）
pdf-added = 增
pdf-removed = 删
pdf-plot-unit = （{"{unit}"}）
