// SPDX-License-Identifier: BSD-2-Clause
// How a keepalived.conf is read. What is expected here is what keepalived 2.2.7 makes of the same text.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "directives/source.hpp"
#include "directives/words.hpp"
#include "keepalived_files.hpp"

namespace vrrp_xdp::keepalived {
namespace {

std::string flat(const std::vector<Directive>& directives) {
    std::string text;
    for (const Directive& directive : directives) {
        if (!text.empty()) text += ' ';
        for (const std::string& word : directive.words)
            text += (&word == &directive.words.front() ? "" : ",") + word;
        if (!directive.children.empty()) text += "{" + flat(directive.children) + "}";
    }
    return text;
}

std::string read(const std::map<std::string, std::string>& files, const std::string& config_id = "r1") {
    const auto source = read_source("a.conf", config_id, MemoryFiles(files));
    if (source) return flat(source->directives);
    std::string mistakes;
    for (const Remark& mistake : source.error()) mistakes += mistake.to_string() + '\n';
    return mistakes;
}

std::string read(const std::string& text) {
    return read(std::map<std::string, std::string>{{"a.conf", text}});
}

TEST(KeepalivedSource, Line_IsADirective_AndBlocksHoldLines) {
    EXPECT_EQ(
        read("vrrp_instance VI_1 {\n  interface eth0\n  virtual_ipaddress {\n 192.0.2.1 dev eth0\n }\n}\n"),
        "vrrp_instance,VI_1{interface,eth0 virtual_ipaddress{192.0.2.1,dev,eth0}}");
}

TEST(KeepalivedSource, Braces_StandAnywhere_EvenWithoutSpaces) {
    EXPECT_EQ(read("a\n{\nb{ c d }\n} e {f}"), "a{b{c,d}} e{f}");
}

TEST(KeepalivedSource, BlockTwice_StaysTwo) { EXPECT_EQ(read("a {\nb\n}\na {\nc\n}"), "a{b} a{c}"); }

TEST(KeepalivedSource, Comment_BeginsAnywhere_ButInDoubleQuotes) {
    EXPECT_EQ(read("a b # c\n! d\nid \"x # y ! z\"\neth0#e\n'f #g'\n"), "a,b id,x # y ! z eth0 'f");
    // It is taken away twice: by the parent process, and by the one that runs VRRP.
    EXPECT_EQ(read("f \\#g\n"), "f");
}

TEST(KeepalivedSource, DoubleQuotes_AreTheOnlyOnes_AndEndWords) {
    EXPECT_EQ(read(R"(abcd" efg h "mn o)"), "abcd, efg h ,mn,o");
    EXPECT_EQ(read(R"(a "b {" 'c d' don't e\ f ab\cd)"), R"(a,b {,'c,d',don't,e\,f,ab\cd)");
}

TEST(KeepalivedSource, Line_IsKeptAsItStands_ForScripts) {
    const auto source = read_source(
        "a.conf", "r1",
        MemoryFiles(std::map<std::string, std::string>{{"a.conf", "a {\n  notify \"/b 'c d'\" \\\n}\n"}}));
    ASSERT_TRUE(source);
    EXPECT_EQ(source->directives[0].children[0].text, "notify \"/b 'c d'\"\\");
}

TEST(KeepalivedSource, CarriageReturns_EndLinesToo) { EXPECT_EQ(read("a {\r\nb c\r\n}\r\n"), "a{b,c}"); }

TEST(KeepalivedSource, BytesOfAByteOrderMark_BelongToTheFirstWord) {
    EXPECT_EQ(read("\xef\xbb\xbf# a\nb\n"), "\xef\xbb\xbf b");
}

TEST(KeepalivedSource, QuoteThatIsNotClosed_IsAMistake) {
    EXPECT_EQ(read("a\nb \"c"), "a.conf:2: a quote is not closed on this line\n");
}

TEST(KeepalivedSource, BraceWithoutItsOtherHalf_IsAMistake) {
    EXPECT_EQ(read("a {\nb {\n}\n"), "a.conf:1: the block \"a\" is not closed: a } is missing\n");
    EXPECT_EQ(read("a\n}\n"), "a.conf:2: unmatched }: a { is missing, or this } is superfluous\n");
    EXPECT_EQ(read("{\n}\n"), "a.conf:1: a block without a name begins here\n");
}

TEST(KeepalivedSource, BlocksThatNestTooDeep_AreAMistake) {
    std::string text;
    for (int depth = 0; depth < 1000; ++depth) text += "a {\n";
    EXPECT_NE(read(text).find("a.conf:65: blocks are nested more than 64 deep"), std::string::npos);
}

TEST(KeepalivedSource, Condition_KeepsALineForOneRouter_OrForAllOthers) {
    const std::string text = "@r1 a\n@r2 b\n@^r1 c\n@^r2 d\n@r1\n@\n";
    EXPECT_EQ(read(text), "a d");
    EXPECT_EQ(read({{"a.conf", text}}, "r2"), "b c");
}

TEST(KeepalivedSource, Definition_IsReplacedAtUse_AlsoWithinOthers) {
    EXPECT_EQ(read("$A=10.${B}\n$B=0\nx ${A}.1\n$B=7\nx ${A}.1 $B\n"), "x,10.0.1 x,10.7.1,7");
}

TEST(KeepalivedSource, Definition_IsNotReplaced_WithoutSpaceOrBraces_OrWhereThereIsNone) {
    EXPECT_EQ(read("$A=1\nx $A$A \"$A\" \"${B}\"\n"), "x,$A1,$A,${B}");
    EXPECT_EQ(read("x ${B}\n"), "a.conf:1: there is no definition of ${B}\n");
}

TEST(KeepalivedSource, Definition_EndsAtACommaOrAParenthesis_AlsoInASequence) {
    EXPECT_EQ(read("$A=1\n$B=3\nx $A,$B)\n~SEQ(N, $A, $B) y ${N}\n"), "x,1,3) y,1 y,2 y,3");
}

TEST(KeepalivedSource, PredefinedDefinitions_AreKeepaliveds) {
    EXPECT_EQ(read("a \"${_HASH}1\" \"${_BANG}\" x${_INSTANCE}y\n"), "a,#1,!,xy");
    EXPECT_EQ(read("a b ${_HASH} c\n"), "a,b");
    EXPECT_EQ(read("a $_RANDOM\n"),
              "a.conf:1: $_RANDOM is different each time: write a fixed number instead\n");
}

TEST(KeepalivedSource, DefinitionOfManyLines_GoesOnBehindAComment) {
    EXPECT_EQ(read("$I= \\\nvi { \\\n# no \\\n id \\\n}\n$I\n"), "vi{id}");
}

TEST(KeepalivedSource, BracesOnOneLine_AreNoDepth) {
    std::string text;
    std::string expected;
    for (int at = 0; at < 200; ++at) {
        text += "a { b } ";
        expected += at == 0 ? "a{b}" : " a{b}";
    }
    EXPECT_EQ(read(text + "\n"), expected);
}

TEST(KeepalivedSource, Definition_MayBeACondition) { EXPECT_EQ(read("$M=@r1\n$N=@r2\n$M a\n$N b\n"), "a"); }

TEST(KeepalivedSource, DefinitionOfManyLines_BecomesLines) {
    EXPECT_EQ(read("$I= \\\nvi ${N} { \\\n id ${N} \\\n @r2 x \\\n}\n$N=1\n$I\n$N=2\n$I\n"),
              "vi,1{id,1} vi,2{id,2}");
}

TEST(KeepalivedSource, DefinitionOfItself_IsAMistake) {
    EXPECT_NE(read("$A=x ${A}\n$A\n").find("nested more than 64 deep"), std::string::npos);
    EXPECT_NE(read("$A=${A} ${A} ${A} ${A}\n$A\n").find("a.conf:2: "), std::string::npos);
}

TEST(KeepalivedSource, Sequence_RepeatsTheLine) {
    EXPECT_EQ(read("~SEQ(N, 0, 2) a ${N}\n"), "a,0 a,1 a,2");
    EXPECT_EQ(read("~SEQ(N, 5, -2, 1) a $N\n~SEQ(N,2) b $N\n"), "a,5 a,3 a,1 b,1 b,2");
    EXPECT_EQ(read("~SEQx(N, 0x90, 0x10, 0xa0) fe80::${N}\n"), "fe80::90 fe80::a0");
    EXPECT_EQ(read("~SEQ(A, 1, 2) ~SEQ(B, 3, 4) ${A}.${B}\n"), "1.3 1.4 2.3 2.4");
}

TEST(KeepalivedSource, List_RepeatsTheLine) {
    EXPECT_EQ(read("~LST(N, eth0, eth1) a ${N}\n"), "a,eth0 a,eth1");
    EXPECT_EQ(read("~LST({A, B}, {1, x}, {2, y}) ${A}${B}\n"), "1x 2y");
    EXPECT_EQ(read("~LST({A, B}, {1, x}, 2) ${A}${B}\n"), "1x 2");
}

TEST(KeepalivedSource, RepetitionThatIsNone_OrHasNoEnd_IsAMistake) {
    EXPECT_EQ(read("~SEQ(N, 1, 0, 2) a\n"), "a.conf:1: ~SEQ with a step of 0 never ends\n");
    EXPECT_EQ(read("~SEQ(N, 1, 1000000) a\n"), "a.conf:1: ~SEQ of more than 65536 lines\n");
    EXPECT_EQ(read("~SEQ(N) a\n"),
              "a.conf:1: ~SEQ takes a name and up to three numbers: (NAME, first, step, last)\n");
    EXPECT_EQ(read("~LST({A, B}, {1, 2, 3}) a\n"), "a.conf:1: ~LST has more values than names\n");
    EXPECT_EQ(read("~SEQ(N, 1 a\n"), "a.conf:1: a ) is missing on this line\n");
    EXPECT_EQ(read("~FOO(N) a\n"),
              "a.conf:1: a line that begins with ~ must be ~SEQ(…), ~SEQx(…) or ~LST(…)\n");
}

TEST(KeepalivedSource, RepetitionsOfRepetitions_EndAtALimit) {
    const std::string text =
        "~SEQ(A, 60000) ~SEQ(B, 60000) ~SEQ(C, 60000) aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n";
    EXPECT_EQ(
        read(text),
        "a.conf:1: the files have more than 4194304 bytes after definitions and repetitions are expanded\n");
}

TEST(KeepalivedSource, Include_ReadsFiles_RelativeToTheIncludingOne) {
    EXPECT_EQ(read({{"a.conf", "a\ninclude conf.d/*.conf\nb\n"},
                    {"conf.d/1.conf", "c\ninclude more\n"},
                    {"conf.d/2.conf", "d ${_PWD}\n"},
                    {"conf.d/more", "e\n"}}),
              "a c e d,conf.d b");
}

TEST(KeepalivedSource, Include_MayBeForOneRouter_OrNamedByADefinition_AndKeepsItsQuotes) {
    EXPECT_EQ(
        read(
            {{"a.conf", "$N=b\n@r1 include $N\n@r2 include c\ninclude \"c\"\n"}, {"b", "x\n"}, {"c", "y\n"}}),
        "x");
}

TEST(KeepalivedSource, Comments_AreTakenAwayOnce_WhereAConditionIncludes) {
    EXPECT_EQ(read({{"a.conf", "include b\n@r1 include b\n"}, {"b", "x a\\#b\n"}}), "x,a x,a#b");
}

TEST(KeepalivedSource, Include_OfNothing_IsTold) {
    const auto source = read_source(
        "a.conf", "r1", MemoryFiles(std::map<std::string, std::string>{{"a.conf", "include none/*\n"}}));
    ASSERT_TRUE(source);
    ASSERT_EQ(source->remarks.size(), 1U);
    EXPECT_EQ(source->remarks[0].to_string(), "a.conf:1: no file matches \"none/*\": nothing is included");
}

TEST(KeepalivedSource, IncludeOfItself_IsAMistake) {
    EXPECT_NE(
        read("include a.conf\ninclude a.conf\n").find("a.conf:1: includes are nested more than 16 deep"),
        std::string::npos);
}

TEST(KeepalivedSource, FileThatCannotBeRead_IsAMistake) {
    EXPECT_EQ(read(std::map<std::string, std::string>{}),
              "a.conf: the file cannot be read: No such file or directory\n");
}

TEST(KeepalivedCommand, WordsOfAScript_HaveQuotesOfBothKinds_AndBackslashes) {
    using Words = std::vector<std::string>;
    EXPECT_EQ(split_quoted("/bin/a 'b c'  d \"e f\" ''"), (Words{"/bin/a", "b c", "d", "e f", ""}));
    EXPECT_EQ(split_quoted(R"(a \x41\102\\ \"b c\ d)"), (Words{"a", "AB\\", "\"b", "c d"}));
    EXPECT_EQ(split_quoted("  "), std::nullopt);
    EXPECT_EQ(split_quoted("a 'b"), std::nullopt);
}

}  // namespace
}  // namespace vrrp_xdp::keepalived
