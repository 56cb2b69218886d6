package dev.cadflow.archive;

import dev.cadflow.archive.StepLexer.Kind;
import dev.cadflow.workflow.Measures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Proves a STEP file (ISO 10303-21, any application protocol and edition) by its whole grammar: the sections in their
 * order, every statement of the data sections token by token, every instance number unique, every reference to one that
 * is there, nothing behind {@code END-ISO-10303-21;}.
 *
 * <p>Found for sure: every cut before the last {@code ;}; every control character but white space (so every hole of
 * zeros); every bit of a bracket, a {@code ;} and an instance's {@code =}; of a string's quote, where no comment holds a
 * quote and no string the marks of a comment; of a comma, but for one between two whole numbers that becomes a point; of
 * the number of an instance that others refer to; every lost line that is an instance that others refer to, and every
 * doubled line that is one. Not found: a damaged letter of a string or a name, a damaged digit of a coordinate, a
 * reference that then points to another instance that is there or whose {@code #} becomes a digit or a sign.
 *
 * <p>Memory is bounded by the tokens' limits, {@link IdSet} and {@link StepGeometry}; time is one pass.
 */
final class StepProof implements FormatProof {
    private static final int DEEPEST = 1000;

    @Override
    public Measures prove(Path file, ProofProgress progress) throws InvalidCadFile, IOException {
        try (ProofInput in = new ProofInput(file, progress)) {
            return new Run(new StepLexer(in)).prove();
        }
    }

    /** One file's proof. */
    private static final class Run {
        private final StepLexer lexer;
        private final IdSet defined = new IdSet();
        private final IdSet referenced = new IdSet();
        private final StepGeometry geometry = new StepGeometry();
        private Kind kind = Kind.END;
        private long instances;

        Run(StepLexer lexer) {
            this.lexer = lexer;
        }

        Measures prove() throws IOException, InvalidCadFile {
            advance();
            keyword("ISO-10303-21");
            punctuation(';');
            keyword("HEADER");
            punctuation(';');
            headerEntities();
            boolean hasData = false;
            while (!isKeyword("END-ISO-10303-21")) {
                hasData |= section();
            }
            if (!hasData) {
                throw lexer.invalid("a DATA section", "none");
            }
            advance();
            punctuation(';');
            if (kind != Kind.END) {
                throw lexer.invalid("nothing behind END-ISO-10303-21;", found());
            }
            OptionalLong dangling = referenced.firstNotIn(defined);
            if (dangling.isPresent()) {
                throw new InvalidCadFile(
                        "STEP: expected instance #" + dangling.getAsLong() + ", which others refer to, found none");
            }
            if (instances == 0) {
                throw new InvalidCadFile("STEP: expected at least one instance, found none");
            }
            return geometry.measures(instances);
        }

        private void headerEntities() throws IOException, InvalidCadFile {
            while (!isKeyword("ENDSEC")) {
                if (kind != Kind.KEYWORD) {
                    throw lexer.invalid("a header entity or ENDSEC", found());
                }
                advance();
                list(0);
                punctuation(';');
            }
            advance();
            punctuation(';');
        }

        /** Whether it is a data section. Edition 3 has two kinds besides, which only name things. */
        private boolean section() throws IOException, InvalidCadFile {
            if (isKeyword("ANCHOR") || isKeyword("REFERENCE")) {
                advance();
                punctuation(';');
                namings();
                return false;
            }
            keyword("DATA");
            if (kind == Kind.PUNCTUATION && lexer.punctuation() == '(') {
                list(0);
            }
            punctuation(';');
            while (!isKeyword("ENDSEC")) {
                dataInstance();
            }
            advance();
            punctuation(';');
            return true;
        }

        private void namings() throws IOException, InvalidCadFile {
            while (!isKeyword("ENDSEC")) {
                if (kind == Kind.INSTANCE) {
                    define();
                } else if (kind != Kind.RESOURCE) {
                    throw lexer.invalid("a name or ENDSEC", found());
                }
                advance();
                punctuation('=');
                value(0);
                punctuation(';');
            }
            advance();
            punctuation(';');
        }

        private void dataInstance() throws IOException, InvalidCadFile {
            if (kind != Kind.INSTANCE) {
                throw lexer.invalid("an instance or ENDSEC", found());
            }
            define();
            geometry.begin(lexer.instance());
            instances++;
            advance();
            punctuation('=');
            if (kind == Kind.KEYWORD) {
                typed(0);
            } else {
                punctuation('(');
                do {
                    typed(1);
                } while (kind == Kind.KEYWORD);
                punctuation(')');
            }
            geometry.end();
            punctuation(';');
        }

        private void typed(int depth) throws IOException, InvalidCadFile {
            if (kind != Kind.KEYWORD) {
                throw lexer.invalid("an entity's name", found());
            }
            geometry.keyword(lexer);
            advance();
            list(depth);
        }

        private void list(int depth) throws IOException, InvalidCadFile {
            if (depth > DEEPEST) {
                throw lexer.invalid("at most " + DEEPEST + " brackets in each other", "more");
            }
            punctuation('(');
            if (!isPunctuation(')')) {
                value(depth + 1);
                while (isPunctuation(',')) {
                    advance();
                    value(depth + 1);
                }
            }
            punctuation(')');
        }

        private void value(int depth) throws IOException, InvalidCadFile {
            switch (kind) {
                case INSTANCE -> {
                    referenced.add(lexer.instance());
                    geometry.reference(lexer.instance());
                    advance();
                }
                case NUMBER -> {
                    geometry.number(lexer);
                    advance();
                }
                case STRING, BINARY, RESOURCE -> {
                    geometry.other();
                    advance();
                }
                case ENUMERATION -> {
                    geometry.enumeration(lexer);
                    advance();
                }
                case KEYWORD -> {
                    // A typed value, such as LENGTH_MEASURE(25.4), stands in the place of the value itself.
                    advance();
                    list(depth);
                }
                default -> punctuatedValue(depth);
            }
        }

        private void punctuatedValue(int depth) throws IOException, InvalidCadFile {
            if (isPunctuation('(')) {
                list(depth);
            } else if (isPunctuation('$') || isPunctuation('*')) {
                geometry.other();
                advance();
            } else {
                throw lexer.invalid("a value", found());
            }
        }

        private void define() throws InvalidCadFile {
            if (!defined.add(lexer.instance())) {
                throw lexer.invalid("each instance once", "#" + lexer.instance() + " again");
            }
        }

        private void advance() throws IOException, InvalidCadFile {
            kind = lexer.next();
        }

        private boolean isKeyword(String word) {
            return kind == Kind.KEYWORD && lexer.is(word);
        }

        private boolean isPunctuation(char c) {
            return kind == Kind.PUNCTUATION && lexer.punctuation() == c;
        }

        private void keyword(String word) throws IOException, InvalidCadFile {
            if (!isKeyword(word)) {
                throw lexer.invalid(word, found());
            }
            advance();
        }

        private void punctuation(char c) throws IOException, InvalidCadFile {
            if (!isPunctuation(c)) {
                throw lexer.invalid("\"" + c + "\"", found());
            }
            advance();
        }

        private String found() {
            return switch (kind) {
                case END -> "the end of the file";
                case PUNCTUATION -> "\"" + lexer.punctuation() + "\"";
                case INSTANCE -> "#" + lexer.instance();
                case KEYWORD, NUMBER, ENUMERATION -> "\"" + lexer.text() + "\"";
                default -> "a " + kind.name().toLowerCase(java.util.Locale.ROOT);
            };
        }
    }
}
