/*
 * The scanner: RFC 8259 conformance by the categories of JSONTestSuite's names
 * (y_ must accept, n_ must reject, i_ free), with cases of our own, then the
 * rules that are stricter than the RFC, frames, typed reading and size.
 * Expected answers come from the grammar, by the section named above each
 * group.  scan_portable.c runs the same on the code without SSE2.
 */

#include <stddef.h>
#include <stdlib.h>
#include <time.h>

#include "check.h"
#include "record/scan.h"

struct text_case {
	const char *name;
	const char *text;
	size_t n;
};

#define T(name, text) { name, text, sizeof(text) - 1 }
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* ---- values that must be accepted ---- */

static const struct text_case accepted[] = {
	/* RFC 8259 section 3, values */
	T("true", "true"),
	T("false", "false"),
	T("null", "null"),
	T("string", "\"x\""),
	T("number", "7"),
	/* section 2, insignificant white space */
	T("spaces around", "  true  "),
	T("tabs around", "\t1\t"),
	T("carriage returns around", "\r\"x\"\r"),
	T("mixed white space", " \t\r [ \t\r 1 \t\r , \t\r 2 \t\r ] \t\r "),
	/* section 5, arrays */
	T("empty array", "[]"),
	T("empty array with a space", "[ ]"),
	T("empty array with a tab", "[\t]"),
	T("empty array in an array", "[[]]"),
	T("empty arrays in an array", "[[],[]]"),
	T("array of an empty string", "[\"\"]"),
	T("array of one string", "[\"x\"]"),
	T("array of one number", "[0]"),
	T("array of false", "[false]"),
	T("array of null", "[null]"),
	T("array of all types", "[null,1,\"1\",{},[],true,false,1.5]"),
	T("array, space after", "[7 ]"),
	T("array, space before", "[ 7]"),
	T("array, spaces about the comma", "[1 , 2]"),
	T("array of several nulls", "[1,null,null,null,2]"),
	T("arrays in arrays", "[[[[[1]]]]]"),
	T("array of objects", "[{},{\"k\":[]}]"),
	T("array of numbers", "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]"),
	/* section 4, objects */
	T("empty object", "{}"),
	T("empty object with a space", "{ }"),
	T("empty key", "{\"\":0}"),
	T("one member", "{\"k\":1}"),
	T("two members", "{\"k\":1,\"l\":2}"),
	T("object in an object", "{\"k\":{}}"),
	T("array in an object", "{\"k\":[]}"),
	T("spaces in an object", "{ \"k\" : 1 , \"l\" : 2 }"),
	T("tabs in an object", "{\t\"k\"\t:\t1\t}"),
	T("escaped key", "{\"\\u006b\":1}"),
	T("key with an escaped quote", "{\"k\\\"\":1}"),
	T("key with a backslash", "{\"k\\\\\":1}"),
	T("key with a newline escape", "{\"k\\n\":1}"),
	T("keys that differ in case", "{\"k\":1,\"K\":2}"),
	T("keys one a prefix of the other", "{\"k\":1,\"kk\":2,\"\":3}"),
	T("same key at different levels", "{\"k\":{\"k\":{\"k\":1}}}"),
	T("same key in neighbours", "[{\"k\":1},{\"k\":1}]"),
	T("UTF-8 key", "{\"\xc3\xa9\":1}"),
	T("key with a space", "{\"k l\":1}"),
	T("key that looks like a member", "{\"k\\\":1,\\\"l\":1}"),
	/* section 6, numbers */
	T("zero", "0"),
	T("minus zero", "-0"),
	T("one", "1"),
	T("minus one", "-1"),
	T("ten", "10"),
	T("nine digits", "123456789"),
	T("eighteen digits", "999999999999999999"),
	T("nineteen digits", "1000000000000000000"),
	T("2^53 + 1", "9007199254740993"),
	T("2^63 - 1", "9223372036854775807"),
	T("-2^63", "-9223372036854775808"),
	T("minus zero point zero", "-0.0"),
	T("a half", "0.5"),
	T("one and a quarter", "1.25"),
	T("minus one and a quarter", "-1.25"),
	T("zero with exponent", "0e1"),
	T("zero with plus exponent", "0e+1"),
	T("zero with minus exponent", "0E-1"),
	T("exponent", "1e5"),
	T("capital exponent", "1E5"),
	T("plus exponent", "1e+5"),
	T("capital plus exponent", "1E+5"),
	T("minus exponent", "1e-5"),
	T("capital minus exponent", "1E-5"),
	T("fraction and exponent", "1.5e3"),
	T("fraction and capital exponent", "1.5E+3"),
	T("exponent with leading zeros", "1e007"),
	T("exponent that makes an integer", "100e-2"),
	T("large exponent", "123.456e78"),
	T("fraction of 40 digits",
	    "0.1234567890123456789012345678901234567890"),
	T("fraction of 78 zeros and one", "-0.000000000000000000000000000000"
	    "0000000000000000000000000000000000000000000000001"),
	T("number before a space", "[1 ,-2 ]"),
	/* section 7, strings */
	T("empty string", "\"\""),
	T("a space", "\" \""),
	T("slash", "\"a/b\""),
	T("escaped quote", "\"\\\"\""),
	T("escaped backslash", "\"\\\\\""),
	T("escaped slash", "\"\\/\""),
	T("short escapes", "\"\\b\\f\\n\\r\\t\""),
	T("all short escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
	T("backslash before a quote", "\"\\\\\\\"\""),
	T("escaped letter", "\"\\u0041\""),
	T("escape of two bytes", "\"\\u00e9\""),
	T("escape of three bytes", "\"\\u20AC\""),
	T("surrogate pair", "\"\\uD83D\\uDE00\""),
	T("surrogate pair, small letters", "\"\\ud83d\\ude00\""),
	T("last surrogate pair", "\"\\uDBFF\\uDFFF\""),
	T("two surrogate pairs", "\"\\uD83D\\uDE00\\uD83D\\uDE01\""),
	T("escaped control", "\"\\u0001\\u001f\""),
	T("escaped delete", "\"\\u007f\""),
	T("escaped non-character", "\"\\uFFFE\\uFDD0\\uFFFF\""),
	T("backslash and u0000", "\"\\\\u0000\""),
	T("backslash and a letter", "\"\\\\a\""),
	T("raw delete", "\"\x7f\""),
	T("UTF-8 of two bytes", "\"\xc2\x80\xdf\xbf\""),
	T("UTF-8 of three bytes", "\"\xe0\xa0\x80\xef\xbf\xbf\""),
	T("UTF-8 about the surrogates", "\"\xed\x9f\xbf\xee\x80\x80\""),
	T("UTF-8 of four bytes", "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\""),
	T("raw U+2028 and U+2029", "\"\xe2\x80\xa8\xe2\x80\xa9\""),
	T("raw U+FEFF", "\"\xef\xbb\xbf\""),
	T("a comment in a string", "\"/* x */ // y\""),
	T("brackets in a string", "\"[{]},:\""),
	T("string of 15 bytes", "\"123456789012345\""),
	T("string of 16 bytes", "\"1234567890123456\""),
	T("string of 17 bytes", "\"12345678901234567\""),
	T("string of 32 bytes", "\"12345678901234567890123456789012\""),
	T("escape at byte 16", "\"123456789012345\\n\""),
	T("UTF-8 over byte 16", "\"123456789012345\xe2\x82\xac!\"")
};

/* ---- values that must be rejected ---- */

static const struct text_case rejected[] = {
	/* section 3, values */
	T("nothing", ""),
	T("capital true", "True"),
	T("true in capitals", "TRUE"),
	T("true cut short", "tru"),
	T("true and a letter", "truee"),
	T("null cut short", "nul"),
	T("null and a letter", "nulll"),
	T("capital null", "Null"),
	T("false cut short", "fals"),
	T("capital false", "False"),
	T("one letter t", "t"),
	T("one letter f", "f"),
	T("one letter n", "n"),
	T("NaN", "NaN"),
	T("nan", "nan"),
	T("minus NaN", "-NaN"),
	T("Infinity", "Infinity"),
	T("minus Infinity", "-Infinity"),
	T("Inf", "Inf"),
	T("undefined", "undefined"),
	T("None", "None"),
	T("a bare word", "a"),
	T("a bare UTF-8 letter", "\xc3\xa5"),
	T("a star", "*"),
	T("a hash", "#"),
	T("angle brackets", "<null>"),
	T("two values", "true false"),
	T("an escape outside a string", "\\u0074rue"),
	/* section 2, what is no white space */
	T("form feed", "\f1"),
	T("vertical tab", "\v1"),
	T("line feed", "\n1"),
	T("NUL", "\0" "1"),
	T("no-break space", "\xc2\xa0" "1"),
	T("U+2060", "\xe2\x81\xa0" "1"),
	T("byte order mark", "\xef\xbb\xbf" "1"),
	T("form feed after", "1\f"),
	T("form feed in an array", "[\f]"),
	T("control in an array", "[1,\x1f" "2]"),
	T("delete after", "1\x7f"),
	T("escaped space", "[\\u0020]"),
	T("block comment", "/**/1"),
	T("block comment after", "1/* one */"),
	T("line comment", "1//"),
	/* section 5, arrays */
	T("array not closed", "["),
	T("array not opened", "]"),
	T("array cut after a value", "[1"),
	T("array cut after a comma", "[1,"),
	T("array cut in a string", "[\"x"),
	T("array cut after a string", "[\"x\""),
	T("array cut after an object", "[{}"),
	T("array, trailing comma", "[1,]"),
	T("array, trailing comma after a string", "[\"\",]"),
	T("array, two trailing commas", "[1,,]"),
	T("array, leading comma", "[,1]"),
	T("array, comma alone", "[,]"),
	T("array, two commas", "[1,,2]"),
	T("array, spaced missing value", "[   , \"\"]"),
	T("array without a comma", "[1 2]"),
	T("strings without a comma", "[\"a\" \"b\"]"),
	T("number and literal without a comma", "[1 true]"),
	T("inner array without a comma", "[3[4]]"),
	T("colon in an array", "[\"a\":1]"),
	T("colon for a comma", "[1:2]"),
	T("semicolon for a comma", "[1;2]"),
	T("array closed by a brace", "[1}"),
	T("array of a brace", "[}"),
	T("array closed twice", "[1]]"),
	T("inner array not closed", "[[1]"),
	T("comma after the array", "[1],,"),
	T("semicolon after the array", "[1];"),
	T("array of a star", "[*]"),
	T("array of a minus", "[-]"),
	T("array of a bare letter", "[a"),
	T("array of a bare UTF-8 letter", "[\xc3\xa5]"),
	T("parentheses", "(1)"),
	T("brackets crossed", "[{]}"),
	/* section 4, objects */
	T("object not closed", "{"),
	T("object cut after a key", "{\"a\""),
	T("object cut after a colon", "{\"a\":"),
	T("object cut after a value", "{\"a\":1"),
	T("object cut after a comma", "{\"a\":1,"),
	T("object, trailing comma", "{\"a\":1,}"),
	T("object, two trailing commas", "{\"a\":1,,}"),
	T("object, comma alone", "{,}"),
	T("object, leading comma", "{,\"a\":1}"),
	T("object, two commas", "{\"a\":1,,\"b\":2}"),
	T("object without a colon", "{\"a\" 1}"),
	T("key alone", "{\"a\"}"),
	T("comma for a colon", "{\"a\",\"b\"}"),
	T("equals for a colon", "{\"a\"=1}"),
	T("two colons", "{\"a\"::1}"),
	T("no key", "{:1}"),
	T("bare key", "{a:1}"),
	T("bare key and a string", "{a: \"b\"}"),
	T("key in single quotes", "{'a':1}"),
	T("number as key", "{1:1}"),
	T("real as key", "{9999E9999:1}"),
	T("literal as key", "{null:null}"),
	T("array as key", "{[]:1}"),
	T("object as key", "{{}:1}"),
	T("bare UTF-8 key", "{\xf0\x9f\x87\xa8\xf0\x9f\x87\xad}"),
	T("object without a comma", "{\"a\":1 \"b\":2}"),
	T("object, semicolon", "{\"a\":1;\"b\":2}"),
	T("object closed by a bracket", "{\"a\":1]"),
	T("object closed twice", "{\"a\":1}}"),
	T("member without a value", "{\"a\":}"),
	T("member without a value, then another", "{\"a\":,\"b\":1}"),
	T("second key alone", "{\"a\":1,\"b\"}"),
	T("second key bare", "{\"a\":1,b}"),
	T("string in the object not closed", "{\"a\":\"b}"),
	T("key not closed", "{\"a:1}"),
	T("comment before a key", "{/**/\"a\":1}"),
	T("comment after a value", "{\"a\":1/**/}"),
	T("hash after an object", "{\"a\":1}#"),
	T("letter after an object", "{\"a\":1}x"),
	T("bare word as value", "{\"a\":truth}"),
	T("key and value without a colon", "{\"a\" b}"),
	T("control in a key", "{\"a\tb\":1}"),
	T("bad escape in a key", "{\"\\x\":1}"),
	T("inner trailing comma", "{\"a\":{\"b\":1,}}"),
	/* section 6, numbers */
	T("plus", "+1"),
	T("two pluses", "++1"),
	T("minus alone", "-"),
	T("two minuses", "--1"),
	T("minus and plus", "-+1"),
	T("minus and a space", "- 1"),
	T("minus and a letter", "-a"),
	T("point first", ".5"),
	T("minus and point", "-.5"),
	T("point alone", "."),
	T("point last", "5."),
	T("minus, point last", "-5."),
	T("point before an exponent", "1.e1"),
	T("zero, point, exponent", "0.e1"),
	T("point and exponent alone", ".e1"),
	T("exponent cut", "1e"),
	T("capital exponent cut", "1E"),
	T("plus exponent cut", "1e+"),
	T("minus exponent cut", "1e-"),
	T("capital plus exponent cut", "1E+"),
	T("fraction, exponent cut", "1.5e"),
	T("fraction, plus exponent cut", "1.5e+"),
	T("zero, exponent cut", "0e"),
	T("zero, plus exponent cut", "0E+"),
	T("exponent with a fraction", "1e1.5"),
	T("two exponents", "1e1e1"),
	T("two exponent letters", "1eE2"),
	T("two exponent signs", "1e+-1"),
	T("two points", "1.2.3"),
	T("two points together", "1..2"),
	T("point after a fraction", "1.8."),
	T("leading zero", "01"),
	T("minus and leading zero", "-01"),
	T("two zeros", "00"),
	T("leading zero of a fraction", "012.5"),
	T("leading zero of an exponent", "00e1"),
	T("hexadecimal", "0x1F"),
	T("hexadecimal cut", "0x"),
	T("binary", "0b1"),
	T("octal", "0o7"),
	T("underscore", "1_000"),
	T("space as separator", "1 000"),
	T("comma as separator", "1,000"),
	T("suffix letter", "1a"),
	T("C float suffix", "1.5f"),
	T("C long suffix", "1L"),
	T("sum", "1+2"),
	T("difference", "1-2"),
	T("quotient", "1/2"),
	T("dollar", "$1"),
	T("percent", "1%"),
	T("full-width digit", "\xef\xbc\x91"),
	T("minus and full-width digit", "-\xef\xbc\x91"),
	T("Arabic digit", "\xd9\xa1"),
	T("space before an exponent", "1 e5"),
	T("space in an exponent", "1e 5"),
	T("space before a point", "1 .5"),
	T("space after a point", "1. 5"),
	T("NUL in a number", "1\0" "2"),
	T("invalid UTF-8 after a number", "1\xe5"),
	/* section 7, strings */
	T("quote alone", "\""),
	T("string not closed", "\"abc"),
	T("string not opened", "abc\""),
	T("single quotes", "'abc'"),
	T("quote inside", "\"a\"b\""),
	T("backslash at the end", "\"\\"),
	T("escaped closing quote", "\"\\\""),
	T("backslashes and escaped quote", "\"\\\\\\\""),
	T("escape x", "\"\\x41\""),
	T("escape a", "\"\\a\""),
	T("escape 0", "\"\\0\""),
	T("escape v", "\"\\v\""),
	T("escape '", "\"\\'\""),
	T("escape of a space", "\"\\ \""),
	T("escape of a raw tab", "\"\\\t\""),
	T("escape of a raw NUL", "\"\\\0\""),
	T("escape of UTF-8", "\"\\\xf0\x9f\x8c\x80\""),
	T("escape capital U", "\"\\U0041\""),
	T("escape capital N", "\"\\N\""),
	T("u without digits", "\"\\u\""),
	T("u with one digit", "\"\\u1\""),
	T("u with two digits", "\"\\u12\""),
	T("u with three digits", "\"\\u123\""),
	T("u cut by the end", "\"\\u00A"),
	T("u with a letter g", "\"\\u123g\""),
	T("u with letters", "\"\\uqqqq\""),
	T("u with a space", "\"\\u 041\""),
	T("u with a sign", "\"\\u-041\""),
	T("u in braces", "\"\\u{41}\""),
	T("raw tab", "\"a\tb\""),
	T("raw carriage return", "\"a\rb\""),
	T("raw line feed", "\"a\nb\""),
	T("raw U+0001", "\"\x01\""),
	T("raw U+001F", "\"\x1f\""),
	T("raw NUL", "\"a\0b\""),
	T("pair, second cut", "\"\\uD83D\\u\""),
	T("pair, second with two digits", "\"\\uD83D\\uDE\""),
	T("pair, second bad", "\"\\uD83D\\uDE0g\""),
	T("pair, second escape bad", "\"\\uD83D\\x\"")
};

/* ---- what the RFC leaves open; our answer ---- */

enum { NO, YES };

static const struct {
	int want;
	struct text_case text;
} open_cases[] = {
	/* section 6: range of numbers; ours is int64_t and double */
	{ NO, T("2^63", "9223372036854775808") },
	{ NO, T("-2^63 - 1", "-9223372036854775809") },
	{ NO, T("2^64", "18446744073709551616") },
	{ NO, T("twenty digits", "99999999999999999999") },
	{ NO, T("minus, forty digits",
	    "-1234567890123456789012345678901234567890") },
	{ YES, T("forty digits and a fraction",
	    "1234567890123456789012345678901234567890.5") },
	{ NO, T("1e999", "1e999") },
	{ NO, T("-1e999", "-1e999") },
	{ NO, T("1e309", "1e309") },
	{ NO, T("1.8e308", "1.8e308") },
	{ YES, T("largest double", "1.7976931348623157e308") },
	{ YES, T("largest double, negative", "-1.7976931348623157E+308") },
	/* half a unit above the largest double: a tie goes to infinity */
	{ NO, T("1.797693134862315808e308", "1.797693134862315808e308") },
	{ YES, T("1.797693134862315807e308", "1.797693134862315807e308") },
	{ YES, T("308 in another guise", "0.0017976931348623157e311") },
	{ NO, T("309 in another guise", "0.0018e311") },
	{ YES, T("1000e305", "1000e305") },
	{ NO, T("1000e306", "1000e306") },
	{ YES, T("smallest double", "4.9e-324") },
	{ YES, T("1e-400, which is zero", "1e-400") },
	{ YES, T("-1e-99999999999999999999", "-1e-99999999999999999999") },
	{ NO, T("1e99999999999999999999", "1e99999999999999999999") },
	{ YES, T("0e99999999999999999999", "0e99999999999999999999") },
	{ YES, T("0.0e999", "0.0e999") },
	/* section 8.2: lone surrogates */
	{ NO, T("high surrogate alone", "\"\\uD800\"") },
	{ NO, T("high surrogate and a letter", "\"\\uDADAx\"") },
	{ NO, T("high surrogate and a newline", "\"\\uD800\\n\"") },
	{ NO, T("two high surrogates", "\"\\uD800\\uD800\"") },
	{ NO, T("high surrogate and U+0041", "\"\\uD800\\u0041\"") },
	{ NO, T("high surrogate and U+E000", "\"\\uD800\\uE000\"") },
	{ NO, T("high surrogate and an escaped slash",
	    "\"\\uD83D\\\\uDE00\"") },
	{ NO, T("low surrogate alone", "\"\\uDC00\"") },
	{ NO, T("last low surrogate alone", "\"\\udfff\"") },
	{ NO, T("pair the wrong way round", "\"\\uDE00\\uD83D\"") },
	{ NO, T("two low surrogates", "\"\\uDC00\\uDC00\"") },
	{ NO, T("lone surrogate in a key", "{\"\\uD800\":1}") },
	/* section 8.1: text that is no UTF-8 (RFC 3629 section 3) */
	{ NO, T("continuation alone", "\"\x80\"") },
	{ NO, T("last continuation alone", "\"\xbf\"") },
	{ NO, T("overlong NUL", "\"\xc0\x80\"") },
	{ NO, T("overlong slash", "\"\xc0\xaf\"") },
	{ NO, T("overlong delete", "\"\xc1\xbf\"") },
	{ NO, T("two bytes cut", "\"\xc2\"") },
	{ NO, T("two bytes, ASCII second", "\"\xc2 \"") },
	{ NO, T("two first bytes", "\"\xc2\xc2\"") },
	{ NO, T("overlong three bytes", "\"\xe0\x80\xaf\"") },
	{ NO, T("overlong U+07FF", "\"\xe0\x9f\xbf\"") },
	{ NO, T("three bytes cut", "\"\xe2\x82\"") },
	{ NO, T("three bytes, ASCII third", "\"\xe1\x80\x41\"") },
	{ NO, T("three bytes, ASCII second", "\"\xe1\x41\x80\"") },
	{ NO, T("UTF-8 of U+D800", "\"\xed\xa0\x80\"") },
	{ NO, T("UTF-8 of U+DFFF", "\"\xed\xbf\xbf\"") },
	{ NO, T("overlong four bytes", "\"\xf0\x80\x80\xaf\"") },
	{ NO, T("overlong U+FFFF", "\"\xf0\x8f\xbf\xbf\"") },
	{ NO, T("four bytes cut", "\"\xf0\x9f\x98\"") },
	{ NO, T("four bytes, ASCII fourth", "\"\xf1\x80\x80\x41\"") },
	{ NO, T("above U+10FFFF", "\"\xf4\x90\x80\x80\"") },
	{ NO, T("first byte F5", "\"\xf5\x80\x80\x80\"") },
	{ NO, T("five bytes", "\"\xf8\x88\x80\x80\x80\"") },
	{ NO, T("six bytes", "\"\xfc\x84\x80\x80\x80\x80\"") },
	{ NO, T("byte FE", "\"\xfe\"") },
	{ NO, T("byte FF", "\"\xff\"") },
	{ NO, T("Latin-1", "\"\xe9\"") },
	{ NO, T("Latin-1 in a key", "{\"\xe9\":1}") },
	{ NO, T("UTF-16", "\"\xff\xfe" "a\0\"") },
	{ NO, T("invalid over byte 16", "\"123456789012345\xe2\x82!\"") },
	/* section 4: duplicate names; section 7: U+0000.  Rejected. */
	{ NO, T("duplicate key", "{\"k\":1,\"k\":1}") },
	{ NO, T("duplicate key of three", "{\"k\":1,\"l\":1,\"k\":2}") },
	{ NO, T("duplicate empty key", "{\"\":1,\"\":1}") },
	{ NO, T("duplicate by an escape", "{\"a\":1,\"\\u0061\":1}") },
	{ NO, T("duplicate by another escape",
	    "{\"/\":1,\"\\/\":1}") },
	{ NO, T("duplicate of two escapes",
	    "{\"\\n\":1,\"\\u000a\":1}") },
	{ NO, T("duplicate of a pair",
	    "{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\ude00\":1}") },
	{ NO, T("duplicate in an array", "[[{\"k\":1,\"k\":1}]]") },
	{ NO, T("duplicate behind an object", "{\"k\":{\"k\":1},\"k\":1}") },
	{ NO, T("escaped U+0000", "\"\\u0000\"") },
	{ NO, T("escaped U+0000 inside", "\"a\\u0000b\"") },
	{ NO, T("escaped U+0000 in a key", "{\"a\\u0000\":1}") },
	{ NO, T("escaped U+0000 in an array", "[[\"\\u0000\"]]") }
};

/* ---- whole lines (section 2: one text; ours: it is an object) ---- */

static const struct {
	int want;
	struct text_case text;
} line_cases[] = {
	{ YES, T("empty object", "{}") },
	{ YES, T("empty object, space inside", "{ }") },
	{ YES, T("spaces around the object", "  {}  ") },
	{ YES, T("tabs around the object", "\t{}\t") },
	{ YES, T("CRLF line", "{\"a\":1}\r") },
	{ YES, T("one member", "{\"a\":1}") },
	{ NO, T("empty line", "") },
	{ NO, T("space only", " ") },
	{ NO, T("carriage return only", "\r") },
	{ NO, T("array", "[]") },
	{ NO, T("array of an object", "[{}]") },
	{ NO, T("number", "1") },
	{ NO, T("string", "\"x\"") },
	{ NO, T("null", "null") },
	{ NO, T("true", "true") },
	{ NO, T("opening brace", "{") },
	{ NO, T("closing brace", "}") },
	{ NO, T("opening quote", "{\"") },
	{ NO, T("two objects", "{}{}") },
	{ NO, T("two objects and a space", "{} {}") },
	{ NO, T("two objects and a comma", "{},{}") },
	{ NO, T("comma after", "{},") },
	{ NO, T("brace after", "{}}") },
	{ NO, T("bracket after", "{}]") },
	{ NO, T("letter after", "{}x") },
	{ NO, T("quote after", "{}\"") },
	{ NO, T("hash after", "{} # x") },
	{ NO, T("comment after", "{} // x") },
	{ NO, T("form feed after", "{}\f") },
	{ NO, T("NUL after", "{}\0") },
	{ NO, T("NUL and an object after", "{}\0{}") },
	{ NO, T("NUL before", "\0{}") },
	{ NO, T("NUL inside", "{\0}") },
	{ NO, T("NUL in a key", "{\"a\0\":1}") },
	{ NO, T("newline inside", "{\n}") },
	{ NO, T("newline and an object after", "{}\n{}") },
	{ NO, T("newline in a string", "{\"a\":\"\n\"}") },
	{ NO, T("byte order mark", "\xef\xbb\xbf{}") },
	{ NO, T("byte order mark alone", "\xef\xbb\xbf") },
	{ NO, T("byte order mark cut", "\xef\xbb{}") },
	{ NO, T("byte order mark behind", "{}\xef\xbb\xbf") },
	{ NO, T("UTF-16 little-endian", "{\0}\0") },
	{ NO, T("UTF-16 big-endian", "\0{\0}") },
	{ NO, T("UTF-16 with its mark", "\xff\xfe{\0}\0") },
	{ NO, T("comment", "// {}") },
	{ NO, T("gzip", "\x1f\x8b\x08\0\0\0\0\0\0\x03") },
	{ NO, T("CSV", "symbol,price,size") },
	{ NO, T("duplicate at the top", "{\"a\":1,\"a\":2}") },
	{ NO, T("duplicate of a known key", "{\"price\":1,\"price\":2}") },
	{ NO, T("duplicate of a null", "{\"price\":null,\"price\":null}") },
	{ NO, T("duplicate by an escape", "{\"a\":1,\"\\u0061\":2}") },
	{ NO, T("duplicate, escape first", "{\"\\u0061\":1,\"a\":2}") },
	{ NO, T("known duplicate by an escape",
	    "{\"price\":1,\"\\u0070rice\":2}") },
	{ NO, T("duplicate of an odd key", "{\"a\\\"\":1,\"a\\u0022\":2}") },
	{ NO, T("duplicate far apart",
	    "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":{},\"a\":5}") },
	{ YES, T("no duplicate: inner key", "{\"a\":{\"a\":1},\"b\":1}") },
	{ YES, T("no duplicate: prefix", "{\"price\":1,\"price_\":2}") }
};

/* ---- running the tables ---- */

/* Memory of just the promised size, with junk behind the end. */
static char *
padded(const char *text, size_t n, char end)
{
	char *p = buf_alloc(n + SCAN_PAD, 1);

	memcpy(p, text, n);
	memset(p + n, end == '\n' ? '"' : '}', SCAN_PAD);
	p[n] = end;
	return p;
}

/*
 * The verdict on a line, by a new scan and by one that has seen all others,
 * with either end: 1, 0, or -1 when they differ.
 */
static int
verdict(struct scan *aged, const char *text, size_t n)
{
	int yes = 0;

	for (int i = 0; i < 4; i++) {
		struct scan *scan = i < 2 ? aged : scan_new();
		char *p = padded(text, n, i % 2 == 0 ? '\n' : '\0');

		yes += scan_line(scan, p, n, NULL) == 0;
		free(p);
		if (scan != aged)
			scan_free(scan);
	}
	return yes == 4 ? 1 : yes == 0 ? 0 : -1;
}

/* The value stands as member "message" between two others. */
static void
in_member(struct buf *dst, const struct text_case *value)
{
	dst->n = 0;
	buf_str(dst, "{\"size\":1,\"message\":");
	buf_add(dst, value->text, value->n);
	buf_str(dst, ",\"bid\":2}");
}

static void
test_values(struct scan *aged, const struct text_case *cases, size_t n,
    int want)
{
	struct buf line = BUF_INIT;

	for (size_t i = 0; i < n; i++) {
		in_member(&line, &cases[i]);
		CHECK_INT(cases[i].name, verdict(aged, line.p, line.n), want);
	}
	buf_free(&line);
}

/* An accepted value comes out as the bytes that were put in. */
static void
test_slices(struct scan *aged)
{
	struct buf line = BUF_INIT;

	for (size_t i = 0; i < COUNT(accepted); i++) {
		const char *text = accepted[i].text;
		size_t skip = strspn(text, " \t\r"), n = accepted[i].n - skip;
		struct scan_value v;
		char *p;

		while (strchr(" \t\r", text[skip + n - 1]) != NULL)
			n--;
		in_member(&line, &accepted[i]);
		p = padded(line.p, line.n, '\n');
		CHECK(accepted[i].name, scan_line(aged, p, line.n, NULL) == 0);
		v = scan_get(aged, KEY_message);
		if (v.type == SCAN_STRING || v.type == SCAN_ESCAPED) {
			v.p--;
			v.n += 2;
		}
		CHECK(accepted[i].name, v.type == SCAN_ABSENT ?
		    memcmp(text, "null", 4) == 0 :
		    v.n == n && memcmp(v.p, text + skip, n) == 0);
		v = scan_get(aged, KEY_bid);
		CHECK(accepted[i].name, v.n == 1 && *v.p == '2');
		free(p);
	}
	buf_free(&line);
}

static void
test_tables(struct scan *aged)
{
	test_values(aged, accepted, COUNT(accepted), 1);
	test_values(aged, rejected, COUNT(rejected), 0);
	for (size_t i = 0; i < COUNT(open_cases); i++)
		test_values(aged, &open_cases[i].text, 1, open_cases[i].want);
	for (size_t i = 0; i < COUNT(line_cases); i++)
		CHECK_INT(line_cases[i].text.name,
		    verdict(aged, line_cases[i].text.text,
		    line_cases[i].text.n), line_cases[i].want);
	test_slices(aged);
}

/* ---- depth, cuts ---- */

static void
test_depth(struct scan *aged)
{
	static const struct {
		const char *name, *open, *close;
	} kinds[] = {
		{ "arrays", "[", "]" },
		{ "objects", "{\"k\":", "}" }
	};
	struct buf line = BUF_INIT;

	for (size_t i = 0; i < COUNT(kinds); i++) {
		for (int depth = 63; depth <= 66; depth++) {
			line.n = 0;
			buf_str(&line, "{\"a\":");
			for (int d = 1; d < depth; d++)
				buf_str(&line, kinds[i].open);
			buf_str(&line, "1");
			for (int d = 1; d < depth; d++)
				buf_str(&line, kinds[i].close);
			buf_str(&line, "}");
			CHECK_INT(kinds[i].name,
			    verdict(aged, line.p, line.n), depth <= 64);
		}
	}
	line.n = 0;
	buf_str(&line, "{\"a\":");
	for (int d = 0; d < 100000; d++)
		buf_str(&line, "[");
	CHECK_INT("100,000 brackets", verdict(aged, line.p, line.n), 0);
	buf_free(&line);
}

/* 1e308 is a double and 1e309 is none, written out in digits too. */
static void
test_long_reals(struct scan *aged)
{
	static const struct {
		int before, after;	/* zeros about the point, behind 1 */
		int want;
	} reals[] = {
		{ 307, 1, 1 }, { 308, 1, 1 }, { 309, 1, 0 }, { 400, 1, 0 },
		{ 1, 400, 1 }, { 308, 400, 1 }, { 309, 400, 0 }
	};
	struct buf line = BUF_INIT;

	for (size_t i = 0; i < COUNT(reals); i++) {
		line.n = 0;
		buf_fmt(&line, "{\"a\":1%0*d.%0*d}", reals[i].before, 0,
		    reals[i].after, 0);
		CHECK_INT("long real", verdict(aged, line.p, line.n),
		    reals[i].want);
	}
	buf_free(&line);
}

/* A record cut anywhere is none, and never read behind its end. */
static void
test_cuts(struct scan *aged)
{
	static const char line[] = "{\"price\":-1.5e+3,\"title\":\"a\\u00e9\\"
	    "ud83d\\ude00\xe2\x82\xac\",\"symbols\":[true,false,null,{\"k\":[]"
	    "}],\"a key of more than sixty-one bytes, which is never learnt b"
	    "y the scan\":1,\"a key of more than 32 bytes, learnt\":2}";

	CHECK_INT("the record whole", verdict(aged, line, sizeof(line) - 1),
	    1);
	for (size_t n = 0; n < sizeof(line) - 1; n++)
		CHECK_INT("the record cut", verdict(aged, line, n), 0);
}

/* ---- keys ---- */

static int
scan_once(struct scan *scan, const char *text)
{
	size_t n = strlen(text);
	char *p = padded(text, n, '\n');
	int ok = scan_line(scan, p, n, NULL) == 0;

	free(p);
	return ok;
}

/*
 * A guess compares bytes, so what was learnt from one line must not be found
 * in another where the same bytes mean something else.
 */
static void
test_guesses(void)
{
	struct scan *scan = scan_new();

	CHECK("key a\":1,\"b", scan_once(scan, "{\"a\\\":1,\\\"b\":1}"));
	CHECK("keys a, b, b", !scan_once(scan, "{\"a\":1,\"b\":1,\"b\":1}"));
	CHECK("keys a, b, a", !scan_once(scan, "{\"a\":1,\"b\":1,\"a\":1}"));
	CHECK("key a\\b", scan_once(scan, "{\"a\\\\b\":1}"));
	CHECK("key a, backspace", scan_once(scan, "{\"a\\b\":1,\"c\":1}"));
	CHECK("keys a\\b and a, backspace",
	    scan_once(scan, "{\"a\\\\b\":1,\"a\\b\":1}"));
	CHECK("key a, tab", scan_once(scan, "{\"a\\tb\":1}"));
	CHECK("raw tab in a key", !scan_once(scan, "{\"a\tb\":1}"));
	CHECK("key a, quote", scan_once(scan, "{\"a\\\"\":1}"));
	CHECK("quote in a key", !scan_once(scan, "{\"a\"\":1}"));
	scan_free(scan);
}

static int64_t
get_int(struct scan *scan, enum key key)
{
	int64_t v = -1;

	return scan_int(scan, key, &v, NULL) == 1 ? v : -1;
}

/* Members are found in whatever order and spacing they come. */
static void
test_orders(struct scan *aged)
{
	static const char *const lines[] = {
		"{\"price\":1,\"size\":2,\"bid\":3}",
		"{\"price\":1,\"bid\":3,\"size\":2}",
		"{\"size\":2,\"price\":1,\"bid\":3}",
		"{\"size\":2,\"bid\":3,\"price\":1}",
		"{\"bid\":3,\"price\":1,\"size\":2}",
		"{\"bid\":3,\"size\":2,\"price\":1}",
		"{ \"bid\" : 3 , \"size\" : 2 , \"price\" : 1 }",
		"{\"bid\":3,\"\\u0073ize\":2,\"price\":1,\"ask\":null}",
		"{\"bid\":3,\"x\":[],\"size\":2,\"y\":{},\"price\":1}"
	};

	for (size_t i = 0; i < 4 * COUNT(lines); i++) {
		const char *text = lines[i * 5 % COUNT(lines)];
		size_t n = strlen(text);
		char *p = padded(text, n, '\n');

		CHECK(text, scan_line(aged, p, n, NULL) == 0);
		CHECK_INT(text, get_int(aged, KEY_price), 1);
		CHECK_INT(text, get_int(aged, KEY_size), 2);
		CHECK_INT(text, get_int(aged, KEY_bid), 3);
		CHECK(text, scan_get(aged, KEY_ask).type == SCAN_ABSENT);
		CHECK(text, scan_object(aged).n == n);
		free(p);
	}
}

/* Keys of every length, beside one that differs in its last byte. */
static void
test_long_keys(struct scan *aged)
{
	char key[201];
	struct buf line = BUF_INIT;

	memset(key, 'k', sizeof(key));
	for (int n = 1; n <= 200; n++) {
		for (int twice = 0; twice < 2; twice++) {
			line.n = 0;
			buf_fmt(&line, "{\"%.*sx\":1,\"%.*sy\":2,\"%.*s%c\":3}",
			    n, key, n, key, n, key, "zx"[twice]);
			CHECK_INT("long key", verdict(aged, line.p, line.n),
			    !twice);
		}
	}
	buf_free(&line);
}

/* More keys than are learnt: duplicates are found all the same. */
static void
test_many_keys(void)
{
	struct scan *scan = scan_new();
	struct buf line = BUF_INIT;

	for (int i = 0; i < 2000; i++) {
		line.n = 0;
		buf_fmt(&line, "{\"key%d\":1,\"price\":%d,\"key%d\":2}", i, i,
		    i + 1);
		buf_add(&line, "", 1);
		CHECK("new keys", scan_once(scan, line.p));
	}
	for (int i = 0; i < 2000; i += 7) {
		line.n = 0;
		buf_fmt(&line, "{\"key%d\":1,\"a\":{\"b\":1},\"key%d\":2}", i,
		    i);
		buf_add(&line, "", 1);
		CHECK("duplicate of many", !scan_once(scan, line.p));
	}
	buf_free(&line);
	scan_free(scan);
}

/* Processor time of one line with n distinct keys; the least of three. */
static double
time_of_keys(int n, int *ok)
{
	struct scan *scan = scan_new();
	struct buf line = BUF_INIT;
	double least = 0;

	buf_str(&line, "{\"start\":0");
	for (int i = 0; i < n; i++)
		buf_fmt(&line, ",\"k%d\":1", i);
	buf_str(&line, "}\n");
	buf_reserve(&line, SCAN_PAD);
	memset(line.p + line.n, 0, SCAN_PAD);
	for (int i = 0; i < 3; i++) {
		clock_t t = clock();

		*ok = scan_line(scan, line.p, line.n - 1, NULL) == 0;
		t = clock() - t;
		if (i == 0 || (double)t < least)
			least = (double)t;
	}
	buf_free(&line);
	scan_free(scan);
	return least;
}

/* Ten times the keys: 10 to 15 times the work, a hundred if quadratic. */
static void
test_key_time(void)
{
	int ok = 0;
	double few = time_of_keys(10000, &ok), many;

	CHECK("10,000 keys", ok);
	many = time_of_keys(100000, &ok);
	CHECK("100,000 keys", ok);
	CHECK("time per key", many < 40 * (few + 100));
}

/* ---- frames ---- */

static const struct {
	const char *name, *text;
	int objects;		/* read before the end */
	int want;		/* 0 at the end, -1 on an error */
} frames[] = {
	{ "empty array", "[]", 0, 0 },
	{ "empty array, spaces", " [ ] ", 0, 0 },
	{ "one object", "[{}]", 1, 0 },
	{ "two objects", "[{},{}]", 2, 0 },
	{ "objects, spaces", " [ {\"size\":1} , {\"size\":2} ] ", 2, 0 },
	{ "CRLF", "[{\"size\":1}]\r", 1, 0 },
	{ "same key in each", "[{\"size\":1},{\"size\":2},{\"size\":3}]", 3,
	    0 },
	{ "trailing comma", "[{},]", 1, -1 },
	{ "leading comma", "[,{}]", 0, -1 },
	{ "comma alone", "[,]", 0, -1 },
	{ "two commas", "[{},,{}]", 1, -1 },
	{ "no comma", "[{}{}]", 1, -1 },
	{ "colon", "[{}:{}]", 1, -1 },
	{ "number", "[1]", 0, -1 },
	{ "number second", "[{},1]", 1, -1 },
	{ "array of an array", "[[{}]]", 0, -1 },
	{ "object alone", "{}", 0, -1 },
	{ "empty line", "", 0, -1 },
	{ "bracket alone", "[", 0, -1 },
	{ "closing bracket alone", "]", 0, -1 },
	{ "not closed", "[{}", 1, -1 },
	{ "not closed after a comma", "[{},", 1, -1 },
	{ "closed by a brace", "[{}}", 1, -1 },
	{ "object not closed", "[{", 0, -1 },
	{ "garbage after", "[{}]x", 1, -1 },
	{ "bracket after", "[{}]]", 1, -1 },
	{ "object after", "[{}]{}", 1, -1 },
	{ "garbage after empty", "[]x", 0, -1 },
	{ "byte order mark", "\xef\xbb\xbf[]", 0, -1 },
	{ "duplicate key", "[{\"size\":1},{\"size\":1,\"size\":2}]", 1, -1 }
};

static void
test_frames(struct scan *aged)
{
	for (size_t i = 0; i < COUNT(frames); i++) {
		size_t n = strlen(frames[i].text), pos = 0;
		char *p = padded(frames[i].text, n, '\n');
		struct err err = { "" };
		int r, objects = 0;

		while ((r = scan_frame(aged, p, n, &pos, &err)) == 1) {
			objects++;
			if (scan_get(aged, KEY_size).type != SCAN_ABSENT)
				CHECK_INT(frames[i].name,
				    get_int(aged, KEY_size), objects);
		}
		CHECK_INT(frames[i].name, r, frames[i].want);
		CHECK_INT(frames[i].name, objects, frames[i].objects);
		CHECK(frames[i].name, (err.text[0] != '\0') == (r < 0));
		free(p);
	}
}

/* ---- typed reading ---- */

static const struct {
	const char *json;
	int scale, want;
	int64_t value;
	const char *err;
} decimals[] = {
	{ "4.55", 4, 1, 45500, NULL },
	{ "-4.5500000", 4, 1, -45500, NULL },
	{ "0", 4, 1, 0, NULL },
	{ "-0", 4, 1, 0, NULL },
	{ "-0.0e5", 4, 1, 0, NULL },
	{ "4.5e1", 4, 1, 450000, NULL },
	{ "45E-1", 4, 1, 45000, NULL },
	{ "0.0001", 4, 1, 1, NULL },
	{ "1000000000000000000000e-20", 4, 1, 100000, NULL },
	{ "922337203685477.5807", 4, 1, INT64_MAX, NULL },
	{ "-922337203685477.5808", 4, 1, INT64_MIN, NULL },
	{ "9007199254740993", 0, 1, 9007199254740993, NULL },
	{ "9223372036854775807", 0, 1, INT64_MAX, NULL },
	{ "-9223372036854775808", 0, 1, INT64_MIN, NULL },
	{ "1e2", 0, 1, 100, NULL },
	{ "7.0", 0, 1, 7, NULL },
	{ "null", 4, 0, 0, NULL },
	{ "0.00001", 4, -1, 0, "price: more than 4 decimals" },
	{ "1e-5", 4, -1, 0, "price: more than 4 decimals" },
	{ "922337203685477.5808", 4, -1, 0, "price: number too large" },
	{ "-922337203685477.5809", 4, -1, 0, "price: number too large" },
	{ "1e300", 4, -1, 0, "price: number too large" },
	{ "\"4.55\"", 4, -1, 0, "price: not a number" },
	{ "true", 4, -1, 0, "price: not a number" },
	{ "[4.55]", 4, -1, 0, "price: not a number" }
};

static void
test_decimals(struct scan *scan)
{
	struct buf line = BUF_INIT;

	for (size_t i = 0; i < COUNT(decimals); i++) {
		const char *name = decimals[i].json;
		struct err err = { "" };
		int64_t v = 77;
		char *p;

		line.n = 0;
		buf_fmt(&line, "{\"price\":%s}", name);
		p = padded(line.p, line.n, '\n');
		CHECK(name, scan_line(scan, p, line.n, NULL) == 0);
		CHECK_INT(name, scan_decimal(scan, KEY_price,
		    decimals[i].scale, &v, &err), decimals[i].want);
		if (decimals[i].want == 1)
			CHECK_INT(name, v, decimals[i].value);
		if (decimals[i].want == 0)
			CHECK_INT(name, v, 77);
		if (decimals[i].err != NULL)
			CHECK_STR(name, err.text, decimals[i].err);
		free(p);
	}
	buf_free(&line);
}

/*
 * Whole and broken numbers of every length: digits 1..9 repeated, so that the
 * value is known by how the text is made.
 */
static void
test_number_lengths(struct scan *scan)
{
	struct buf line = BUF_INIT;

	for (int whole = 1; whole <= 12; whole++)
		for (int places = 0; places <= 6; places++) {
			int64_t want = 0, got = 77;
			struct err err;
			char *p;

			line.n = 0;
			buf_str(&line, "{\"price\":");
			for (int i = 0; i < whole + places; i++) {
				if (i == whole)
					buf_str(&line, ".");
				buf_fmt(&line, "%d", i % 9 + 1);
				if (i < whole + 4)
					want = 10 * want + i % 9 + 1;
			}
			for (int i = places; i < 4; i++)
				want *= 10;
			buf_str(&line, ",\"size\":1}");
			p = padded(line.p, line.n, '\n');
			CHECK("line", scan_line(scan, p, line.n, &err) == 0);
			CHECK_INT("number", scan_decimal(scan, KEY_price, 4,
			    &got, &err), places > 4 ? -1 : 1);
			CHECK_INT("number", got, places > 4 ? 77 : want);
			free(p);
		}
	buf_free(&line);
}

static void
test_fields(struct scan *scan)
{
	struct fields {
		struct slice title;
		int64_t size, price_e4, n;
		bool is_late;
	};
	static const struct scan_field table[] = {
		{ KEY_title, SCAN_TO_TEXT, 0, offsetof(struct fields, title) },
		{ KEY_n, SCAN_TO_INT, 9, offsetof(struct fields, n) },
		{ KEY_size, SCAN_TO_INT, 1000, offsetof(struct fields, size) },
		{ KEY_price, SCAN_TO_E4, 99999,
		    offsetof(struct fields, price_e4) },
		{ KEY_is_late, SCAN_TO_BOOL, 0,
		    offsetof(struct fields, is_late) }
	};
	static const struct {
		const char *line, *title;
		int64_t size, price_e4;
		bool is_late;
		const char *err;
	} cases[] = {
		{ "{\"size\":1000,\"price\":9.9999,\"title\":\"t\","
		    "\"is_late\":true}", "t", 1000, 99999, true, NULL },
		{ "{\"size\":-1000,\"price\":-9.9999,\"title\":"
		    "\"\\u0041\"}", "A", -1000, -99999, false, NULL },
		{ "{\"size\":1e3,\"price\":12E-1,\"title\":null}", "", 1000,
		    12000, false, NULL },
		{ "{}", "", 77, 77, false, NULL },
		{ "{\"size\":1001}", "", 0, 0, false, "size: out of range" },
		{ "{\"size\":-1001}", "", 0, 0, false, "size: out of range" },
		{ "{\"size\":1e4}", "", 0, 0, false, "size: out of range" },
		{ "{\"price\":10}", "", 0, 0, false, "price: out of range" },
		{ "{\"price\":1e1}", "", 0, 0, false, "price: out of range" },
		{ "{\"price\":\"1\"}", "", 0, 0, false,
		    "price: not a number" },
		{ "{\"size\":1.5}", "", 0, 0, false, "size: not an integer" },
		{ "{\"title\":1}", "", 0, 0, false, "title: not a string" },
		{ "{\"is_late\":1}", "", 0, 0, false,
		    "is_late: neither true nor false" }
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *name = cases[i].line;
		struct fields f = { { "", 0 }, 77, 77, 77, false };
		char *p = padded(name, strlen(name), '\n');
		struct err err = { "" };

		CHECK(name, scan_line(scan, p, strlen(name), &err) == 0);
		CHECK_INT(name, scan_fields(scan, table, COUNT(table), &f,
		    &err), cases[i].err == NULL ? 0 : -1);
		if (cases[i].err != NULL) {
			CHECK_STR(name, err.text, cases[i].err);
		} else {
			CHECK_TEXT(name, f.title.p, f.title.n, cases[i].title);
			CHECK_INT(name, f.size, cases[i].size);
			CHECK_INT(name, f.price_e4, cases[i].price_e4);
			CHECK_INT(name, f.n, 77);
			CHECK(name, f.is_late == cases[i].is_late);
		}
		free(p);
	}
}

static void
test_typed(struct scan *scan)
{
	static const char line[] = "{\"size\":1.5,\"n\":12,\"dte\":null,"
	    "\"is_late\":true,\"is_iso\":false,\"is_wide\":1,\"title\":\"x\","
	    "\"message\":\"\\u00e9\",\"reason\":\"\",\"code\":3}";
	char *p = padded(line, sizeof(line) - 1, '\n');
	struct err err;
	struct slice text;
	int64_t v = 5;
	bool b = false;

	CHECK("line", scan_line(scan, p, sizeof(line) - 1, &err) == 0);
	CHECK_INT("fraction", scan_int(scan, KEY_size, &v, &err), -1);
	CHECK_STR("fraction", err.text, "size: not an integer");
	CHECK_INT("string as int", scan_int(scan, KEY_title, &v, &err), -1);
	CHECK_STR("string as int", err.text, "title: not an integer");
	CHECK_INT("null as int", scan_int(scan, KEY_dte, &v, &err), 0);
	CHECK_INT("absent int", scan_int(scan, KEY_sequence, &v, &err), 0);
	CHECK_INT("int left alone", v, 5);
	CHECK_INT("int", scan_int(scan, KEY_n, &v, &err), 1);
	CHECK_INT("int", v, 12);
	CHECK_INT("true", scan_bool(scan, KEY_is_late, &b, &err), 1);
	CHECK("true", b);
	CHECK_INT("absent bool", scan_bool(scan, KEY_is_cross, &b, &err), 0);
	CHECK("bool left alone", b);
	CHECK_INT("false", scan_bool(scan, KEY_is_iso, &b, &err), 1);
	CHECK("false", !b);
	CHECK_INT("1 as bool", scan_bool(scan, KEY_is_wide, &b, &err), -1);
	CHECK_STR("1 as bool", err.text, "is_wide: neither true nor false");
	CHECK_INT("text", scan_text(scan, KEY_title, &text, &err), 1);
	CHECK_TEXT("text", text.p, text.n, "x");
	CHECK_INT("escaped", scan_text(scan, KEY_message, &text, &err), 1);
	CHECK_TEXT("escaped", text.p, text.n, "\xc3\xa9");
	CHECK_INT("empty", scan_text(scan, KEY_reason, &text, &err), 1);
	CHECK_INT("empty", text.n, 0);
	CHECK_INT("absent text", scan_text(scan, KEY_root, &text, &err), 0);
	CHECK_INT("int as text", scan_text(scan, KEY_code, &text, &err), -1);
	CHECK_STR("int as text", err.text, "code: not a string");
	free(p);
}

/* A set of keys is "there" when one of them is, null or not. */
static void
test_has_any(struct scan *scan)
{
	static const char line[] = "{\"size\":1,\"dte\":null,\"x\":1}";
	char *p = padded(line, sizeof(line) - 1, '\n');
	struct key_set set = { { 0 } };

	CHECK("line", scan_line(scan, p, sizeof(line) - 1, NULL) == 0);
	CHECK("no key", !scan_has_any(scan, &set));
	key_set_add(&set, KEY_exit);
	CHECK("absent key", !scan_has_any(scan, &set));
	key_set_add(&set, KEY_dte);
	CHECK("null key", scan_has_any(scan, &set));
	free(p);
}

/* Members outside a set: known ones, learnt ones, and odd ones. */
static void
test_has_more(struct scan *scan)
{
	static const struct {
		const char *line;
		bool more;
	} lines[] = {
		{ "{}", false },
		{ "{\"size\":1}", false },
		{ "{\"size\":1,\"price\":null}", true },
		{ "{\"size\":1,\"zz_own\":2}", true },
		{ "{\"size\":1,\"zz\\\"odd\":2}", true },
		{ "{\"size\":{\"zz\\\"odd\":2}}", false },
	};
	struct key_set set = { { 0 } };

	key_set_add(&set, KEY_size);
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		char *p = padded(lines[i].line, strlen(lines[i].line),
		    '\n');

		CHECK(lines[i].line, scan_line(scan, p,
		    strlen(lines[i].line), NULL) == 0 &&
		    scan_has_more(scan, &set) == lines[i].more);
		free(p);
	}
}

/* RFC 8259 section 7 and RFC 3629: escapes and the bytes they stand for. */
static void
test_unescape(struct scan *scan)
{
	static const struct {
		const char *json, *want;
	} texts[] = {
		{ "\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t" },
		{ "a\\u0041z", "aAz" },
		{ "\\u0001\\u007f", "\x01\x7f" },
		{ "\\u0080\\u07ff", "\xc2\x80\xdf\xbf" },
		{ "\\u0800\\uFFFF", "\xe0\xa0\x80\xef\xbf\xbf" },
		{ "\\uD7FF\\uE000", "\xed\x9f\xbf\xee\x80\x80" },
		{ "\\uD800\\uDC00", "\xf0\x90\x80\x80" },
		{ "\\uDBFF\\uDFFF", "\xf4\x8f\xbf\xbf" },
		{ "\\uD83D\\uDE00!", "\xf0\x9f\x98\x80!" },
		{ "\\\\u0041", "\\u0041" },
		{ "\xe2\x82\xac\\u20aC", "\xe2\x82\xac\xe2\x82\xac" }
	};
	struct buf line = BUF_INIT;

	for (size_t i = 0; i < COUNT(texts); i++) {
		struct slice text = { NULL, 0 };
		char *p;

		line.n = 0;
		buf_fmt(&line, "{\"title\":\"%s\"}", texts[i].json);
		p = padded(line.p, line.n, '\n');
		CHECK("line", scan_line(scan, p, line.n, NULL) == 0);
		CHECK_INT("text", scan_text(scan, KEY_title, &text, NULL), 1);
		CHECK_TEXT(texts[i].json, text.p, text.n, texts[i].want);
		free(p);
	}
	buf_free(&line);
}

static void
test_elements(struct scan *scan)
{
	static const char line[] = "{\"symbols\":[ \"A\" ,\"\\\"]\",12, -1.5 ,"
	    "1e3,2E3,true,false,null,[1,[2]],{\"k\":\"]\"}, \"\" ],"
	    "\"exchanges\":[ ],\"trades\":[[]]}";
	static const struct {
		const char *text;
		enum scan_type type;
	} want[] = {
		{ "A", SCAN_STRING }, { "\\\"]", SCAN_ESCAPED },
		{ "12", SCAN_INT }, { "-1.5", SCAN_REAL },
		{ "1e3", SCAN_REAL }, { "2E3", SCAN_REAL },
		{ "true", SCAN_TRUE }, { "false", SCAN_FALSE },
		{ "null", SCAN_NULL }, { "[1,[2]]", SCAN_ARRAY },
		{ "{\"k\":\"]\"}", SCAN_OBJECT }, { "", SCAN_STRING }
	};
	char *p = padded(line, sizeof(line) - 1, '\n');
	struct scan_value v;
	size_t pos = 0, i = 0;

	CHECK("line", scan_line(scan, p, sizeof(line) - 1, NULL) == 0);
	while (scan_element(scan_get(scan, KEY_symbols), &pos, &v) == 1 &&
	    i < COUNT(want)) {
		CHECK_TEXT("element", v.p, v.n, want[i].text);
		CHECK_INT("element's type", v.type, want[i].type);
		i++;
	}
	CHECK_INT("elements", i, COUNT(want));
	CHECK_INT("after the last", scan_element(scan_get(scan, KEY_symbols),
	    &pos, &v), 0);
	pos = 0;
	CHECK_INT("empty array", scan_element(scan_get(scan, KEY_exchanges),
	    &pos, &v), 0);
	pos = 0;
	CHECK_INT("inner array", scan_element(scan_get(scan, KEY_trades),
	    &pos, &v), 1);
	CHECK_TEXT("inner array", v.p, v.n, "[]");
	free(p);
}

/* ---- errors say where ---- */

static void
test_places(struct scan *scan)
{
	static const struct {
		const char *line, *at;		/* byte counted by hand */
	} places[] = {
		{ "", " at byte 0" },
		{ "{\"a\":}", " at byte 5" },
		{ "{\"a\":1 x}", " at byte 7" },
		{ "{\"a\":1,\"a\":2}", " at byte 7" },
		{ "{\"a\":\"\t\"}", " at byte 6" },
		{ "{\"a\":[1,{\"b\":01}]}", " at byte 13" },
		{ "{} {}", " at byte 3" },
		{ "{\"a\":9223372036854775808}", " at byte 5" }
	};

	for (size_t i = 0; i < COUNT(places); i++) {
		size_t n = strlen(places[i].line), end;
		char *p = padded(places[i].line, n, '\n');
		struct err err = { "" };

		CHECK_INT("bad line", scan_line(scan, p, n, &err), -1);
		CHECK("says what", strncmp(err.text, "not a JSON object: ",
		    19) == 0);
		end = strlen(err.text);
		n = strlen(places[i].at);
		CHECK_STR(places[i].line, err.text + (end > n ? end - n : 0),
		    places[i].at);
		free(p);
	}
}

int
main(void)
{
	struct scan *aged = scan_new();

	test_tables(aged);
	test_depth(aged);
	test_long_reals(aged);
	test_cuts(aged);
	test_guesses();
	test_orders(aged);
	test_long_keys(aged);
	test_many_keys();
	test_key_time();
	test_frames(aged);
	test_decimals(aged);
	test_number_lengths(aged);
	test_fields(aged);
	test_typed(aged);
	test_has_any(aged);
	test_has_more(aged);
	test_unescape(aged);
	test_elements(aged);
	test_places(aged);
	test_tables(aged);	/* again, with all that was learnt */
	scan_free(aged);
	return check_end();
}
