package dev.cadflow.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;

/** Cuts the clear text of ISO 10303-21 into tokens, with bounded memory. White space and comments are none. */
final class StepLexer {
    /** What a token is. */
    enum Kind {
        END,
        KEYWORD,
        INSTANCE,
        NUMBER,
        ENUMERATION,
        STRING,
        BINARY,
        RESOURCE,
        PUNCTUATION
    }

    private static final int LONGEST_WORD = 1024;
    private static final int MOST_INSTANCE_DIGITS = 18;

    private final ProofInput in;
    private final byte[] word = new byte[LONGEST_WORD];
    private int length;
    private long instance;
    private char punctuation;

    StepLexer(ProofInput in) {
        this.in = in;
    }

    /** Reads the next token. */
    Kind next() throws IOException, InvalidCadFile {
        int c = skipBlanks();
        length = 0;
        punctuation = 0;
        return switch (c) {
            case ProofInput.END -> Kind.END;
            case '(', ')', ',', ';', '=', '$', '*' -> {
                punctuation = (char) c;
                yield Kind.PUNCTUATION;
            }
            case '\'' -> readString();
            case '"' -> readDelimited('"', Kind.BINARY);
            case '<' -> readDelimited('>', Kind.RESOURCE);
            case '#', '@' -> readInstance();
            case '.' -> isDigit(in.peek()) ? readNumber(c) : readEnumeration();
            default -> isDigit(c) || c == '+' || c == '-' ? readNumber(c) : readKeyword(c);
        };
    }

    /** The character of a punctuation token; 0 for any other. */
    char punctuation() {
        return punctuation;
    }

    /** The number of an instance token. */
    long instance() {
        return instance;
    }

    /** The characters of a keyword, a number or an enumeration. */
    String text() {
        return new String(word, 0, length, ISO_8859_1);
    }

    /** Whether the token has these characters. */
    boolean is(String expected) {
        if (length != expected.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (word[i] != expected.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    InvalidCadFile invalid(String expected, String found) {
        return new InvalidCadFile("STEP: expected " + expected + ", found " + found + " before byte " + in.position());
    }

    private Kind readString() throws IOException, InvalidCadFile {
        while (true) {
            int c = checked(in.read(), "the end of a string");
            if (c == '\'') {
                if (in.peek() != '\'') {
                    return Kind.STRING;
                }
                in.read();
            }
        }
    }

    private Kind readDelimited(char end, Kind kind) throws IOException, InvalidCadFile {
        while (checked(in.read(), "a closing " + end) != end) {
            continue;
        }
        return kind;
    }

    private Kind readInstance() throws IOException, InvalidCadFile {
        int digits = 0;
        long value = 0;
        while (isDigit(in.peek())) {
            value = value * 10 + in.read() - '0';
            if (++digits > MOST_INSTANCE_DIGITS) {
                throw invalid("an instance number of at most " + MOST_INSTANCE_DIGITS + " digits", "a longer one");
            }
        }
        // Edition 3 also names instances by words.
        if (digits == 0) {
            throw invalid("digits behind #", shown(in.peek()));
        }
        instance = value;
        return Kind.INSTANCE;
    }

    private Kind readNumber(int first) throws IOException, InvalidCadFile {
        put(first);
        boolean hasDigit = isDigit(first);
        while (isNumeric(in.peek())) {
            int c = in.read();
            hasDigit |= isDigit(c);
            put(c);
        }
        if (!hasDigit || !isNumber()) {
            throw invalid("a number", "\"" + text() + "\"");
        }
        return Kind.NUMBER;
    }

    /** Sign, digits with at most one point, and an exponent with digits. */
    private boolean isNumber() {
        int i = word[0] == '+' || word[0] == '-' ? 1 : 0;
        int points = 0;
        for (; i < length && (isDigit(word[i]) || word[i] == '.'); i++) {
            points += word[i] == '.' ? 1 : 0;
        }
        if (i == length) {
            return points <= 1;
        }
        if (word[i] != 'E' && word[i] != 'e') {
            return false;
        }
        i++;
        if (i < length && (word[i] == '+' || word[i] == '-')) {
            i++;
        }
        int exponent = i;
        while (i < length && isDigit(word[i])) {
            i++;
        }
        return points <= 1 && i == length && i > exponent;
    }

    private Kind readEnumeration() throws IOException, InvalidCadFile {
        while (isWord(in.peek())) {
            put(in.read());
        }
        if (length == 0 || in.read() != '.') {
            throw invalid("an enumeration between dots", "\"." + text() + "\"");
        }
        return Kind.ENUMERATION;
    }

    private Kind readKeyword(int first) throws IOException, InvalidCadFile {
        if (!isLetter(first) && first != '!') {
            throw invalid("a token of ISO 10303-21", shown(first));
        }
        put(first);
        while (isWord(in.peek())) {
            put(in.read());
        }
        return Kind.KEYWORD;
    }

    private int skipBlanks() throws IOException, InvalidCadFile {
        while (true) {
            int c = in.read();
            if (c == '/' && in.peek() == '*') {
                in.read();
                skipComment();
            } else if (!isBlank(c)) {
                return c;
            }
        }
    }

    private void skipComment() throws IOException, InvalidCadFile {
        while (true) {
            int c = checked(in.read(), "the end of a comment");
            if (c == '*' && in.peek() == '/') {
                in.read();
                return;
            }
        }
    }

    /** Text may hold bytes beyond ASCII, as writers do, but neither the end nor control characters. */
    private int checked(int c, String expected) throws InvalidCadFile {
        if (c == ProofInput.END || c < ' ' && !isBlank(c) || c == 0x7f) {
            throw invalid(expected, shown(c));
        }
        return c;
    }

    private void put(int c) throws InvalidCadFile {
        if (length == LONGEST_WORD) {
            throw invalid("a word of at most " + LONGEST_WORD + " characters", "a longer one");
        }
        word[length++] = (byte) c;
    }

    private static String shown(int c) {
        if (c == ProofInput.END) {
            return "the end of the file";
        }
        return c > ' ' && c < 0x7f ? "\"" + (char) c + "\"" : String.format("the byte 0x%02x", c);
    }

    private static boolean isBlank(int c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNumeric(int c) {
        return isDigit(c) || c == '.' || c == '+' || c == '-' || c == 'E' || c == 'e';
    }

    private static boolean isLetter(int c) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_';
    }

    private static boolean isWord(int c) {
        return isLetter(c) || isDigit(c) || c == '-';
    }
}
