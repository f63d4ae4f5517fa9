# 当时的页面：固定下来的网页，在隔离的框里再看一遍。

replay-open = 看当时的页面
replay-open-why = 不联网，不运行脚本
replay-title = 当时的页面
replay-from = 网址
replay-at = 固定于
replay-how = 框里只有当时固定下来的内容：脚本不运行，什么都不从网上加载，按钮和表单不起作用。没有固定下来的图片和链接打不开。
replay-frame = 固定下来的页面
replay-not-proof = 这里只是为了看着方便，网页自己的动画和弹层可能不一样。证据是网页存档本身和整页截图。
replay-covered = 这一页上有卡密，先没有打开。
replay-covered-why = 打开会露出完整卡密：先确认旁边没有人，也没有在录屏或共享屏幕。
replay-reveal = 打开页面
replay-cover = 重新遮住
replay-large = 网页存档太大，不能在这里打开。
replay-large-why = 看整页截图；也可以到网页存档那一项，按那里的说明取出。
replay-broken = 网页存档读不出来，不能在这里打开。
replay-broken-why = 看整页截图；也可以存下网页存档，用别的程序打开。
replay-picture = 看整页截图
replay-archive = 网页存档
replay-gaps = 当时没有取到的
replay-none = 这一页没有固定下来
replay-none-why = 固定的只有当时打开的那一页，和它加载的内容。链接到的其他页面要另外固定。
replay-none-back = 回到固定的页面
