//! Index keys are those of the Python tools, on addresses that are hard to agree on.

use std::io::Write as _;
use std::process::{Command, Stdio};

use sigu_capture::archive::surt;

use crate::support::tool;

const ADDRESSES: &[&str] = &[
    "https://example.com",
    "http://example.com/",
    "http://www.example.com:80/a/",
    "https://www2.Example.COM:443/A/B/?Z=1&a=2",
    "http://example.com:443/",
    "https://example.com:8443/x",
    "https://user:pa@ss@example.com/p",
    "https://xn--fiqs8s.xn--fiqs8s/",
    "https://中国.cn/路径?查=询",
    "https://bücher.example/",
    "https://%E4%B8%AD.cn/",
    "http://127.0.0.1:8080/a",
    "http://2130706433/",
    "http://0177.0.0.1/",
    "http://1.2.3/",
    "http://[::1]:8080/x",
    "http://[2001:DB8::1]/",
    "http://example.com/a/../b/./c//d/",
    "http://example.com/../a",
    "http://example.com/%7Euser/%2541/%zz",
    "http://example.com/a%2Fb?x=%26&y=%3D",
    "http://example.com/a b?c d",
    "http://example.com/?",
    "http://example.com/??a=1",
    "http://example.com/?b&a&b=1&b=0&=3",
    "http://example.com/?a=1&&b",
    "http://example.com/#frag",
    "http://example.com/p?x=1#frag?y=2",
    "http://example.com/x;jsessionid=0123456789ABCDEF0123456789ABCDEF?q=1",
    "http://example.com/?jsessionid=0123456789ABCDEF0123456789ABCDEF&q=1",
    "http://example.com/?q=1&PHPSESSID=0123456789abcdef0123456789abcdef",
    "http://example.com/?sid=0123456789abcdef0123456789abcdef",
    "http://example.com/(a(0123456789abcdef01234567))/page.aspx?x",
    "http://example.com/(0123456789abcdef01234567)/page.aspx",
    "http://example.com/?cfid=1&cftoken=2&x=3",
    "http://example..com./",
    "http://www.com/",
    "http://www.www.example.com/",
    "http://example.com:/x",
    "http://example.com:99999/x",
    "http://example.com:ab/x",
    "http://https://example.com/x",
    "http:///example.com/x",
    "example.com/x",
    "wss://www.example.com:443/socket/",
    "ftp://example.com/File/",
    "urn:screenshot:https://Example.com/A/?b=2&a=1",
    "urn:websocket:wss://example.com/",
    "about:blank",
    "mailto:A@B.com",
    "HTTP://EXAMPLE.COM:80/",
    "http://example.com/\"q'uo<te>|`{}^",
    "http://example.com/a\\b",
    "http://exa_mple.com/~a/!$'()*,;:@",
    "http://example.com/%00%0a%7f",
    "http://example.com/+?a+b=%2B",
];

#[test]
fn keys_are_those_of_the_indexer() {
    let code = "import sys\nfrom cdxj_indexer.main import CDXJIndexer\nindexer = CDXJIndexer(None, [])\n\
                text = sys.stdin.buffer.read().decode('utf-8')\n\
                for line in text.split('\\n'):\n    print(indexer.get_url_key(line))";
    let mut child = Command::new(tool("python3"))
        .args(["-X", "utf8", "-W", "ignore", "-c", code])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("scripts/need.sh test installs it");
    child.stdin.take().unwrap().write_all(ADDRESSES.join("\n").as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success());
    let theirs = String::from_utf8(out.stdout).unwrap();
    let theirs: Vec<&str> = theirs.lines().collect();
    assert_eq!(theirs.len(), ADDRESSES.len());
    let wrong: Vec<String> = ADDRESSES
        .iter()
        .zip(theirs)
        .filter(|(address, theirs)| surt(address) != **theirs)
        .map(|(address, theirs)| format!("{address}\n  theirs {theirs}\n  ours   {}", surt(address)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
