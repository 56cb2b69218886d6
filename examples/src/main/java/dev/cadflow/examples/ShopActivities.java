package dev.cadflow.examples;

import io.temporal.activity.ActivityInterface;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;

/** What the machine shop's own systems do. */
@ActivityInterface
public interface ShopActivities {
    /** What the order will cost. */
    BigDecimal quote(Order order);

    /** Hands approved files to the machines. */
    void release(String orderNumber, List<URI> files);
}
