//! Article numbers as Chinese statutes write them: 第二十条, 第五百七十七条.

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// Writes an article: `第二十条`.
pub(super) fn article(number: u16) -> String {
    format!("第{}条", numeral(number))
}

/// Writes a number from 1 to 9999 in Chinese: 10 is 十, 105 is 一百零五, 1010 is 一千零一十.
pub(crate) fn numeral(number: u16) -> String {
    let mut out = String::new();
    let mut gap = false;
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = usize::from(number / unit % 10);
        if digit == 0 {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push('零');
            gap = false;
        }
        let ten_alone = digit == 1 && unit == 10 && out.is_empty();
        if !ten_alone {
            out.push(DIGITS[digit]);
        }
        out.push_str(name);
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_written_as_statutes_write_them() {
        let table = [
            (1, "一"),
            (10, "十"),
            (11, "十一"),
            (20, "二十"),
            (48, "四十八"),
            (100, "一百"),
            (105, "一百零五"),
            (110, "一百一十"),
            (116, "一百一十六"),
            (201, "二百零一"),
            (577, "五百七十七"),
            (1000, "一千"),
            (1010, "一千零一十"),
            (1001, "一千零一"),
            (1260, "一千二百六十"),
        ];
        for (number, expected) in table {
            assert_eq!(super::numeral(number), expected, "{number}");
        }
    }
}
