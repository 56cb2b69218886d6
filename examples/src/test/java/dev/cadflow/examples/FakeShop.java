package dev.cadflow.examples;

import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A shop that asks for 10 a part and remembers what it was given. */
final class FakeShop implements ShopActivities {
    final List<URI> released = new CopyOnWriteArrayList<>();

    @Override
    public BigDecimal quote(Order order) {
        return BigDecimal.TEN.multiply(BigDecimal.valueOf(order.parts().size()));
    }

    @Override
    public void release(String orderNumber, List<URI> files) {
        released.addAll(files);
    }
}
