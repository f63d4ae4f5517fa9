//! `practice-shop`: one shop on 127.0.0.1 until Ctrl-C.

use std::io::Write;
use std::process::ExitCode;

use sigu_practice_shop::{Settings, Shop};
use tokio::io::AsyncReadExt;

const HELP: &str = "\
练习用卡店：只在本机 127.0.0.1 开一家假的卡店，供练习、演示和测试。店名、商品、证照全是虚构的。
A practice card shop on 127.0.0.1, for practice, demos and tests. Nothing in it exists.

用法 Usage: practice-shop [选项 options]

  --skin 名称 NAME          店面 skin: dj-unicorn（默认 default）, dj-hyper, acg, qs, rbw
  --port 端口 PORT          端口，0 为任选空闲端口（默认） port, 0 takes a free one (default)
  --knob 名=值 NAME=VALUE   旋钮，可多次 a knob, may be repeated:
      edited_text=文字 TEXT       商家事后改写的质保与退款说明 warranty and refund text after an edit
      delete_after_minutes=N      订单记录 N 分钟后消失 order records vanish after N minutes
      delivery_delay_seconds=N    付款 N 秒后发货 cards come N seconds after payment
      placeholder=true            卡密处只有占位文字 a text stands where the card should
      delivered_cards=N           只发 N 张 only N cards are delivered
      wrong_region=true           发来的是别的区服 the cards are for another region
      wrong_label=true            页面状态字与 JSON 不一致 the page words states unlike the JSON
      empty_status=true           订单异常（dj-hyper 显示为空） abnormal orders (empty in dj-hyper)
      card=ok|used|invalid|expired|wrong_region      兑换结果 what the issuer says
      merchant=helpful|silent|refusing|soliciting_wechat  商家态度 how the merchant answers
      refund_to_balance=true      订单已退到平台余额 orders were refunded to the balance
      rules_version=1|2           售后规则的版本 version of the rules
  --seed N                  同一种子得到同样的订单号与卡密 the same seed gives the same numbers
  --tls                     HTTPS，自签证书 HTTPS with a self-signed certificate
  --until-stdin-closes      标准输入关闭时也停止 stop when standard input closes, too
  --help                    这段说明 this text

测试页 test pages: /_pages/    运行中改旋钮 turning knobs: POST /_control/knobs (JSON)
";

struct Wanted {
    settings: Settings,
    until_stdin_closes: bool,
}

fn parsed(arguments: impl Iterator<Item = String>) -> Result<Option<Wanted>, String> {
    let mut wanted = Wanted { settings: Settings::default(), until_stdin_closes: false };
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let (name, joined) = match argument.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name.to_owned(), Some(value.to_owned())),
            _ => (argument, None),
        };
        let mut value = || {
            let value = joined.clone().or_else(|| arguments.next());
            value.ok_or_else(|| format!("{name} 后面要有值 {name} needs a value"))
        };
        let settings = &mut wanted.settings;
        match name.as_str() {
            "--help" | "-h" => return Ok(None),
            "--skin" => settings.skin = value()?.parse()?,
            "--port" => settings.port = number(&name, &value()?)?,
            "--seed" => settings.seed = number(&name, &value()?)?,
            "--knob" => {
                let text = value()?;
                let pair = text.split_once('=');
                let (knob, to) =
                    pair.ok_or_else(|| format!("旋钮写作 名=值 a knob is NAME=VALUE: {text}"))?;
                settings.knobs = settings.knobs.with(knob, to)?;
            }
            "--tls" => settings.tls = true,
            "--until-stdin-closes" => wanted.until_stdin_closes = true,
            _ => return Err(format!("不认识的选项 unknown option: {name}")),
        }
    }
    Ok(Some(wanted))
}

fn number<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{name} 的值不是合适的数字 not a fitting number for {name}: {text}"))
}

async fn stdin_closed() {
    let (mut input, mut ignored) = (tokio::io::stdin(), [0_u8; 1_024]);
    while matches!(input.read(&mut ignored).await, Ok(read) if read > 0) {}
}

/// Runs the shop; a line with its address is the only output.
fn run(wanted: Wanted) -> std::io::Result<()> {
    let shop = Shop::start_on_thread(wanted.settings)?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", shop.url("/"))?;
    out.flush()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = runtime.block_on(async {
        tokio::select! {
            asked = tokio::signal::ctrl_c() => asked,
            () = stdin_closed(), if wanted.until_stdin_closes => Ok(()),
        }
    });
    drop(shop);
    // A read of standard input that still waits must not hold up the end.
    runtime.shutdown_background();
    ended
}

fn main() -> ExitCode {
    let wanted = match parsed(std::env::args().skip(1)) {
        Ok(Some(wanted)) => wanted,
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(why) => {
            eprintln!("practice-shop: {why}\n用 --help 查看说明 see --help");
            return ExitCode::from(2);
        }
    };
    match run(wanted) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("practice-shop: 启动失败 could not start: {error}");
            ExitCode::FAILURE
        }
    }
}
