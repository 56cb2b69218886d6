package dev.cadflow.workflow;

import io.temporal.common.SearchAttributeKey;
import java.util.List;

/**
 * The search attributes by which the workflows of a namespace are listed, all of type Keyword. They are optional: a
 * workflow sets them only where its worker was told to and found them in the namespace.
 */
public final class CadSearchAttributes {
    /** Makistry's job; not set before it is submitted. */
    public static final SearchAttributeKey<String> JOB_ID = SearchAttributeKey.forKeyword("CadflowJobId");

    /** The stage as {@link CadProgress.Stage} writes it, such as {@code waiting}. */
    public static final SearchAttributeKey<String> STATUS = SearchAttributeKey.forKeyword("CadflowStatus");

    /** As requested; not set for an adopted job whose request does not name it. */
    public static final SearchAttributeKey<String> DESIGN_MODE = SearchAttributeKey.forKeyword("CadflowDesignMode");

    /** As requested; not set for an adopted job whose request does not name it. */
    public static final SearchAttributeKey<String> OUTPUT_FORMAT = SearchAttributeKey.forKeyword("CadflowOutputFormat");

    /** All of them. */
    public static final List<SearchAttributeKey<String>> ALL = List.of(JOB_ID, STATUS, DESIGN_MODE, OUTPUT_FORMAT);

    private CadSearchAttributes() {}
}
