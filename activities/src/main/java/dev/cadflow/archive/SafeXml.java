package dev.cadflow.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads XML that may be hostile: no DTD and so no entities, nothing fetched, elements at most {@value #DEEPEST} deep, no
 * tag, text or comment longer than {@value #LONGEST_RUN} bytes, and names, which the XML reader keeps, of
 * {@value #MOST_NAME_CHARACTERS} characters in all.
 */
final class SafeXml {
    private static final int DEEPEST = 64;
    private static final int LONGEST_RUN = 1 << 20;
    private static final int MOST_NAME_CHARACTERS = 1 << 18;

    /** Told of each element. */
    interface Elements {
        void start(QName name, Attributes attributes) throws InvalidCadFile;

        /** The element has ended. */
        default void end(QName name) throws InvalidCadFile {}
    }

    /** An element's attributes, valid while it is told. */
    static final class Attributes {
        private final QName element;
        private final XMLStreamReader reader;

        private Attributes(QName element, XMLStreamReader reader) {
            this.element = element;
            this.reader = reader;
        }

        /** An attribute without a namespace; null where it is not there. */
        @Nullable String get(String name) {
            return reader.getAttributeValue("", name);
        }

        /** An attribute of a namespace; null where it is not there. */
        @Nullable String get(String namespace, String name) {
            return reader.getAttributeValue(namespace, name);
        }

        String required(String name) throws InvalidCadFile {
            String value = get(name);
            if (value == null) {
                throw ThreeMfProof.invalid("<" + element.getLocalPart() + "> with " + name, "none");
            }
            return value;
        }

        double number(String name) throws InvalidCadFile {
            String value = required(name);
            try {
                double number = Double.parseDouble(value);
                if (Double.isFinite(number)) {
                    return number;
                }
            } catch (NumberFormatException none) {
                // The same answer as to a number that is not finite.
            }
            throw ThreeMfProof.invalid("a finite number as " + name, "\"" + value + "\"");
        }

        long index(String name) throws InvalidCadFile {
            String value = required(name);
            try {
                long index = Long.parseLong(value);
                if (index >= 0) {
                    return index;
                }
            } catch (NumberFormatException none) {
                // The same answer as to a negative number.
            }
            throw ThreeMfProof.invalid("a whole number as " + name, "\"" + value + "\"");
        }
    }

    private SafeXml() {}

    static void read(InputStream in, Elements elements) throws InvalidCadFile, IOException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        ShortRuns runs = new ShortRuns(in);
        try {
            new Walk(factory.createXMLStreamReader(runs), runs).walk(elements);
        } catch (XMLStreamException broken) {
            if (runs.failure != null) {
                throw runs.failure;
            }
            throw ThreeMfProof.invalid("XML", said(broken));
        } catch (RunTooLong hostile) {
            throw ThreeMfProof.invalid("no tag or text longer than " + LONGEST_RUN + " bytes", "a longer one");
        }
    }

    /** One reading. */
    private static final class Walk {
        private final XMLStreamReader reader;
        private final ShortRuns runs;
        private final Set<String> names = new HashSet<>();
        private long nameCharacters;

        Walk(XMLStreamReader reader, ShortRuns runs) {
            this.reader = reader;
            this.runs = runs;
        }

        void walk(Elements elements) throws XMLStreamException, InvalidCadFile {
            int depth = 0;
            while (reader.hasNext()) {
                runs.begin();
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        if (++depth > DEEPEST) {
                            throw ThreeMfProof.invalid("elements at most " + DEEPEST + " deep", "deeper ones");
                        }
                        countNames();
                        elements.start(reader.getName(), new Attributes(reader.getName(), reader));
                    }
                    case XMLStreamConstants.END_ELEMENT -> {
                        depth--;
                        elements.end(reader.getName());
                    }
                    case XMLStreamConstants.PROCESSING_INSTRUCTION -> count(reader.getPITarget());
                    case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                        throw ThreeMfProof.invalid("XML without DTD", "one");
                    default -> {
                        // Text and comments say nothing of the part.
                    }
                }
            }
        }

        private void countNames() throws InvalidCadFile {
            count(written(reader.getPrefix(), reader.getLocalName()));
            for (int i = 0; i < reader.getAttributeCount(); i++) {
                count(written(reader.getAttributePrefix(i), reader.getAttributeLocalName(i)));
            }
            for (int i = 0; i < reader.getNamespaceCount(); i++) {
                count(reader.getNamespacePrefix(i));
                count(reader.getNamespaceURI(i));
            }
        }

        private static String written(@Nullable String prefix, String local) {
            return prefix == null || prefix.isEmpty() ? local : prefix + ":" + local;
        }

        /** The XML reader keeps every name that it has met until the end of the file. */
        private void count(@Nullable String name) throws InvalidCadFile {
            if (name != null && names.add(name)) {
                nameCharacters += name.length();
                if (nameCharacters > MOST_NAME_CHARACTERS) {
                    throw ThreeMfProof.invalid(
                            "names of at most " + MOST_NAME_CHARACTERS + " characters in all", "more");
                }
            }
        }
    }

    /** The parser's words, which it spreads over two lines. */
    private static String said(XMLStreamException broken) {
        return String.valueOf(broken.getMessage()).replaceAll("\\s+", " ");
    }

    /** Unchecked, for the XML reader must not wrap it. */
    private static final class RunTooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RunTooLong() {
            super(null, null, false, false);
        }
    }

    /** Bounds what an XML reader must hold at once: the bytes that it takes for one event. */
    private static final class ShortRuns extends FilterInputStream {
        private int run;
        private @Nullable IOException failure;

        ShortRuns(InputStream in) {
            super(in);
        }

        /** The next event begins. */
        void begin() {
            run = 0;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (run > LONGEST_RUN) {
                throw new RunTooLong();
            }
            try {
                int read = super.read(buffer, offset, length);
                run += Math.max(0, read);
                return read;
            } catch (IOException failed) {
                failure = failed;
                throw failed;
            }
        }
    }
}
